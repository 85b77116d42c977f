package io.peerhub.session;

import io.peerhub.delivery.Deliverable;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import java.util.List;

/**
 * What an older session gives to its successor, in this order: one {@link State}, the {@link
 * Unacknowledged} ones by rising seq, the {@link Waiting} ones in order, one {@link End}. Mail that
 * reaches the older session before its end is handed over as waiting, what comes later follows as
 * mail; answers to its sends follow the end as a further {@link State} each, since a successor that
 * does not go on with its numbers has no use for them.
 *
 * <p>It travels like mail, over the link if the successor sits elsewhere: the link cuts it to
 * pieces, numbers them and has them acknowledged. It goes in shares, each when the link has room:
 * thousands that move at once share the way, and until its turn comes each says {@link Pending}, so
 * that nobody takes its patience for its end.
 */
public sealed interface HandOver extends SessionInput {
  /**
   * The counters. For a session that is not resumed only {@code waiting} messages count, and the
   * successor takes nothing else from here.
   *
   * @param sessionId the id under which the peer knows these numbers
   * @param lastSeq the highest seq that was written
   * @param ackedSeq the highest seq that was acknowledged
   * @param clientAcks whether the peer acknowledges ({@code ack: client})
   * @param received the highest n that was taken
   * @param lost messages that were dropped and not yet told by {@code gap}
   * @param answers what the last sends were answered, for repeats
   */
  record State(
      String sessionId,
      long lastSeq,
      long ackedSeq,
      boolean clientAcks,
      long received,
      long lost,
      List<Answer> answers)
      implements HandOver {
    public State {
      answers = List.copyOf(answers);
    }

    /** An answer that came after the end. */
    static State late(String sessionId, Answer answer) {
      return new State(sessionId, 0, 0, false, 0, 0, List.of(answer));
    }
  }

  /**
   * What a send was answered.
   *
   * @param refusalCode the number of the refusal; 0 if it was confirmed, with {@code status}
   */
  record Answer(long n, String id, Confirmation status, int refusalCode, int retryAfterMs) {
    static Answer of(Mail.Confirmed confirmed) {
      return new Answer(confirmed.n(), confirmed.id(), confirmed.status(), 0, 0);
    }

    static Answer of(Mail.Refused refused) {
      return new Answer(
          refused.n(),
          refused.id(),
          Confirmation.NONE,
          refused.refusal().code(),
          refused.retryAfterMs());
    }
  }

  /** Something that was written to the connection and is not yet acknowledged. */
  sealed interface Unacknowledged extends HandOver {
    long seq();

    int attempt();

    Deliverable delivery();
  }

  /** A critical message or a receipt that was written; its mailbox has it too. */
  record WrittenLetter(long seq, int attempt, Mailbox.Item delivery) implements Unacknowledged {
    @Override
    public int weight() {
      return delivery.weight();
    }
  }

  /** A live message that was written. */
  record Written(long seq, int attempt, Mail.Delivery delivery)
      implements Unacknowledged, Mail.Envelope {
    @Override
    public Mail.Delivery enclosed() {
      return delivery.asAgain();
    }

    @Override
    public int weight() {
      return delivery.weight();
    }
  }

  /** A message that this session has not written. */
  record Waiting(Mail.Delivery delivery) implements HandOver, Mail.Envelope {
    @Override
    public Mail.Delivery enclosed() {
      return delivery;
    }

    @Override
    public int weight() {
      return delivery.weight();
    }
  }

  /**
   * A room that the peer is in; for a session that goes on with this one.
   *
   * @param echo whether it gets its own messages too
   * @param heard the last number of the room that is among what was handed over, or was delivered
   */
  record Stay(String room, boolean echo, long heard) implements HandOver {}

  /**
   * A critical message whose mailbox has not answered; for a session that goes on with this one.
   *
   * @param said whether the mailbox may have taken it
   */
  record Unposted(Identity owner, boolean said, Posting posting) implements HandOver {
    @Override
    public int weight() {
      return posting.parcel().letter().weight();
    }
  }

  /** More is to come, but there is no room on the way yet: the older session is alive. */
  record Pending() implements HandOver {}

  /**
   * Nothing more of the old state.
   *
   * @param messages how many were sent, to be compared
   * @param lost how many were dropped since the state was said
   */
  record End(int messages, long lost) implements HandOver {
    /** The end of one that dropped nothing. */
    public End(int messages) {
      this(messages, 0);
    }
  }
}
