package io.peerhub.mail;

import io.peerhub.delivery.Deliverable;
import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.SharedMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one session puts into the hands of another, directly or over a link: messages, what became
 * of them, and the fences that keep flows in order while a receiver moves.
 *
 * <p>Mail from one loop to one session arrives in the order in which it was told. What is told to a
 * session that has moved is forwarded by it, in order, to its successor.
 */
public sealed interface Mail extends SessionInput {
  /** The message that this is, or brings along; null if it is none. */
  static Delivery message(SessionInput input) {
    return switch (input) {
      case Delivery delivery -> delivery;
      case Envelope envelope -> envelope.enclosed();
      case SessionInput other -> null;
    };
  }

  /**
   * A live message on its way to one receiver.
   *
   * @param to the receiver, by identity
   * @param letter what it has to read
   * @param ttlMs what is left of its life, in ms, from the moment it is told
   * @param confirm what the sender asked to be told
   * @param n the sender's number, for the answer
   * @param sender where answers go
   * @param via how it came, if it was not addressed to its receiver; else null
   * @param again whether a session of the receiver has written it before, so that the receiver may
   *     have processed it: it is flagged when it is written, and told as nothing but delivered or
   *     unknown
   */
  record Delivery(
      Identity to,
      Letter.Message letter,
      int ttlMs,
      Confirmation confirm,
      long n,
      Seat sender,
      Via via,
      boolean again)
      implements Mail, Deliverable {
    /** A message which has never been written. */
    public Delivery(
        Identity to, Letter.Message letter, int ttlMs, Confirmation confirm, long n, Seat sender) {
      this(to, letter, ttlMs, confirm, n, sender, null, false);
    }

    /**
     * What one message is taken to cost in memory besides its body and texts, in bytes: this
     * record, its letter, the body with its array, and an entry of a queue, counted by their
     * fields.
     */
    private static final int OVERHEAD = 160;

    /** The sender, as its session was authenticated. */
    public Identity from() {
      return letter.from();
    }

    /** The sender's name for it; may be empty. */
    public String id() {
      return letter.id();
    }

    @Override
    public int weight() {
      return OVERHEAD + letter.size();
    }

    /** The same message to one of many. */
    public Delivery to(Identity receiver) {
      return new Delivery(receiver, letter, ttlMs, confirm, n, sender, via, again);
    }

    /** The same message with less time to live. */
    public Delivery withTtl(int ttlMs) {
      return copy(ttlMs, confirm, n, via, again);
    }

    /** The same message, which the receiver may have processed. */
    public Delivery asAgain() {
      return again ? this : copy(ttlMs, confirm, n, via, true);
    }

    /**
     * What its sender is told if it ends here for that reason: of what the receiver may have
     * processed, that nobody knows.
     */
    public Refusal told(Refusal reason) {
      return again ? Refusal.OUTCOME_UNKNOWN : reason;
    }

    /** The same message in its place in a room: nobody of those who get it answers for it. */
    public Delivery inRoom(long roomSeq) {
      return copy(ttlMs, Confirmation.NONE, 0, new Via.Room(roomSeq, null), again);
    }

    /** The same message with encodings that others of its receivers use too. */
    public Delivery shared() {
      if (!(via instanceof Via.Room room)) {
        throw new IllegalStateException("for one receiver only");
      }
      SharedMessage encodings = new SharedMessage(frame(0, false, 0));
      return copy(ttlMs, confirm, n, new Via.Room(room.roomSeq(), encodings), again);
    }

    private Delivery copy(int ttlMs, Confirmation confirm, long n, Via via, boolean again) {
      return new Delivery(to, letter, ttlMs, confirm, n, sender, via, again);
    }

    @Override
    public Frame.Message frame(long seq, boolean redelivered, int attempt) {
      long roomSeq = via instanceof Via.Room room ? room.roomSeq() : 0;
      return letter.frame(seq, DeliveryClass.LIVE, roomSeq, again || redelivered, attempt);
    }
  }

  /** What brings a message along: where it is lost, so is the message. */
  interface Envelope extends SessionInput {
    /** The message, as whoever finds it has to treat it. */
    Delivery enclosed();
  }

  /**
   * A message that came to a session which has moved, on its way to the successor. One that came
   * straight from the same loop is newer: behind that, this one is too late.
   */
  record Forwarded(Delivery delivery) implements Mail, Envelope {
    @Override
    public Delivery enclosed() {
      return delivery;
    }

    @Override
    public int weight() {
      return delivery.weight();
    }
  }

  /** To a sender: its message was queued at, or taken by, the receiver. */
  record Confirmed(String id, long n, Confirmation status) implements Mail {}

  /** To a sender: its message was not taken, or did not get through. */
  record Refused(String id, long n, Refusal refusal, int retryAfterMs) implements Mail {}

  /** To a receiver: live messages to it were lost on the way; becomes {@code gap}. */
  record Lost(long count, String reason) implements Mail {}

  /**
   * Follows the last message of an old path. It is forwarded like mail; the session that it reaches
   * in the end answers, and behind that answer the new path is in order with the old one.
   */
  record Fence(long token, ActorRef<Fenced> replyTo) implements Mail {}

  /** Answers a {@link Fence}. */
  record Fenced(long token) {}
}
