package io.peerhub.delivery.kept;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What a mailbox keeps: a message to its owner, or a receipt about a message that its owner sent.
 */
public sealed interface Letter {
  /** What a letter costs in memory besides its texts and its body, in bytes. */
  int OVERHEAD = 200;

  /** Whose message it is; of a receipt, whom the message went to. */
  Identity from();

  /** The sender's name for it: with {@link #from} and its kind, what it is known again by. */
  String id();

  /** What it counts for in limits and budgets, in bytes. */
  int weight();

  /** A number by which other content under the same name is told apart. */
  long content();

  /**
   * A critical message.
   *
   * @param addressed {@code to} as the sender wrote it, where it is not the owner's identity
   * @param sentAt wall clock of the accepting node, ms since 1970
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
    @Override
    public int weight() {
      int weight = OVERHEAD + body.size() + id.length() + re.length();
      for (Map.Entry<String, String> header : headers.entrySet()) {
        weight += 64 + header.getKey().length() + header.getValue().length();
      }
      return weight;
    }

    /** Of address and body: two sums of different kinds, since one alone has 32 bits. */
    @Override
    public long content() {
      CRC32C crc = new CRC32C();
      crc.update(body.bytes());
      int other = Arrays.hashCode(body.bytes()) * 31 + addressed.hashCode();
      return crc.getValue() << 32 ^ other * 31L + body.kind().ordinal();
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
  }
}
