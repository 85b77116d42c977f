package io.peerhub.delivery;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What somebody has to read, whoever gets it and however often: a message, or a receipt about one.
 * What concerns one receiver only (to whom, for how long, which attempt) is the delivery's.
 */
public sealed interface Letter {
  /** What a kept letter costs in memory besides its texts and its body, in bytes. */
  int OVERHEAD = 200;

  /** Whose message it is; of a receipt, whom the message went to. */
  Identity from();

  /** The sender's name for it: with {@link #from} and its kind, what it is known again by. */
  String id();

  /** What it counts for in the limits of a mailbox, in bytes. Stored: it stays as it is. */
  int weight();

  /** A number by which other content under the same name is told apart. Stored, as the weight. */
  long content();

  /**
   * A message. All copies of what many get share one, and a mailbox journals it as it is.
   *
   * @param from the sender, as its session was authenticated
   * @param addressed {@code to} as the sender wrote it, where that is not the receiver's identity
   *     (else empty)
   * @param re the id of the message that this one answers; empty if none
   * @param sentAt wall clock of the accepting node, ms since 1970; for display, no rule reads it
   */
  record Message(
      Identity from,
      String addressed,
      Body body,
      String id,
      String re,
      long sentAt,
      Map<String, String> headers)
      implements Letter {
    /** How much its texts and its body take, in bytes. */
    public int size() {
      int size = body.size() + id.length() + re.length();
      for (Map.Entry<String, String> header : headers.entrySet()) {
        size += 64 + header.getKey().length() + header.getValue().length();
      }
      return size;
    }

    @Override
    public int weight() {
      return OVERHEAD + size();
    }

    /** Of address and body: two sums of different kinds, since one alone has 32 bits. */
    @Override
    public long content() {
      CRC32C crc = new CRC32C();
      crc.update(body.bytes());
      int other = Arrays.hashCode(body.bytes()) * 31 + addressed.hashCode();
      return crc.getValue() << 32 ^ other * 31L + body.kind().ordinal();
    }

    /**
     * As a receiver gets it.
     *
     * @param roomSeq its place in the order of its room; 0 if it came by none
     */
    public Frame.Message frame(
        long seq, DeliveryClass delivery, long roomSeq, boolean redelivered, int attempt) {
      return new Frame.Message(
          seq,
          from.text(),
          body,
          id,
          addressed,
          delivery,
          re,
          sentAt,
          roomSeq,
          redelivered,
          attempt,
          headers);
    }
  }

  /**
   * The fate of a message.
   *
   * @param place the message's place in the mailbox of {@code from}
   * @param messageId the sender's name for the message
   * @param addressed {@code to} as the sender wrote it
   * @param attempts how often it was tried
   */
  record Receipt(
      Identity from,
      long place,
      String messageId,
      String addressed,
      Fate fate,
      int attempts,
      String reason)
      implements Letter {
    @Override
    public String id() {
      return Long.toString(place);
    }

    @Override
    public int weight() {
      return OVERHEAD + messageId.length() + addressed.length() + reason.length();
    }

    @Override
    public long content() {
      return place;
    }

    /** As the sender of the message gets it. */
    public Frame.Receipt frame(long seq) {
      return new Frame.Receipt(messageId, addressed, fate.status(), attempts, reason, seq);
    }
  }
}
