package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.routing.Routes;
import java.util.ArrayList;
import java.util.List;

/**
 * The older session, as far as it matters for what comes from it behind the welcome. What its peer
 * said there still counts: messages that it has processed are not given to it again, by this
 * session or by those that come after it. And nothing that comes by way of the older session is
 * taken behind a newer message of the same loop: where a way was given up that was not dead, only
 * out of reach, order comes first, and the sender has been told that nobody knows.
 */
final class Laggard {
  /** Of a session before which there was none. */
  static final Laggard NONE = new Laggard(null, null);

  private final Frame.Resume resume;
  private boolean numbersAreIts;

  // One seat for each loop that has sent straight to this session: few, and no key is made to look.
  private final List<Seat> direct = new ArrayList<>(0);

  /**
   * What is known at the welcome.
   *
   * @param resume what the peer asked to go on with; null if it began anew
   * @param state the counters of the older session; null if they have not come
   */
  Laggard(Frame.Resume resume, HandOver.State state) {
    this.resume = resume;
    if (state != null) {
      hear(state);
    }
  }

  /** The counters, or an answer, of an older session. */
  void hear(HandOver.State late) {
    // What was never written cannot have been processed: such a peer is not believed.
    numbersAreIts |=
        resume != null
            && late.sessionId().equals(resume.session())
            && late.lastSeq() >= resume.received();
  }

  /** A message has come straight from that sender's loop. */
  void direct(Seat sender) {
    if (this != NONE && sender != null && !isKnown(sender)) {
      direct.add(sender);
    }
  }

  /** Whether newer messages of the loop that sent this one have come before it. */
  boolean isOvertaken(Mail.Delivery message) {
    return !direct.isEmpty() && message.sender() != null && isKnown(message.sender());
  }

  private boolean isKnown(Seat sender) {
    for (Seat known : direct) {
      if (known.isOnLoopOf(sender)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the peer has processed that message, which the older session had written. */
  boolean isProcessed(HandOver.Unacknowledged late) {
    return numbersAreIts && late.seq() <= resume.received();
  }

  /**
   * The message that came late, as it is to be passed on; null if the peer has processed it, which
   * its sender is told.
   */
  Mail.Delivery unprocessed(Mail.Envelope late, Routes routes) {
    if (!(late instanceof HandOver.Written written) || !isProcessed(written)) {
      return late.enclosed();
    }
    Mail.Delivery message = written.delivery();
    if (message.confirm() == Confirmation.DELIVERED) {
      routes.tell(
          message.sender(), new Mail.Confirmed(message.id(), message.n(), Confirmation.DELIVERED));
    }
    return null;
  }
}
