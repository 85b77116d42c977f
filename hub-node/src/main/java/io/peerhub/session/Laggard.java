package io.peerhub.session;

import io.peerhub.peer.Mail;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.routing.Routes;

/**
 * An older session whose hand-over was not waited for to its end. What its peer said at the welcome
 * still counts for what comes late: messages that it has processed are not given to it again, by
 * this session or by those that come after it.
 */
final class Laggard {
  /** Of a session before which there was none, or whose peer did not go on with it. */
  static final Laggard NONE = new Laggard(null, null);

  private final Frame.Resume resume;
  private boolean numbersAreIts;

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
