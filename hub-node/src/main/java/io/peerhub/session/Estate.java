package io.peerhub.session;

import io.peerhub.delivery.Deliverable;
import io.peerhub.delivery.DeliveryWindow;
import io.peerhub.delivery.DeliveryWindow.Written;
import io.peerhub.mail.Mail;
import io.peerhub.mailbox.Mailbox;

/**
 * What a session leaves to its successor: its counters, then piece by piece what was written and is
 * unacknowledged by rising seq (where the successor goes on with the numbers), then what waits, in
 * order. Until a piece is taken it stays where it was, within its limits and with its life running
 * on.
 */
final class Estate {
  private final Conversation conversation;
  private final HandOver.State counters;
  private boolean isFirst = true;

  /**
   * Takes stock.
   *
   * @param sessionId the id under which the peer knows its numbers
   * @param resumes whether the successor goes on with the numbers of this session; if not, nobody
   *     will ever say what became of what was written
   */
  Estate(String sessionId, Conversation conversation, Sending sending, boolean resumes) {
    this.conversation = conversation;
    this.counters = counters(sessionId, conversation, sending);
    if (!resumes) {
      conversation.giveUpWritten();
    }
  }

  private static HandOver.State counters(
      String sessionId, Conversation conversation, Sending sending) {
    DeliveryWindow<Deliverable> window = conversation.window();
    return new HandOver.State(
        sessionId,
        window.lastSeq(),
        window.ackedSeq(),
        window.keeps(),
        sending.received(),
        conversation.lost(),
        sending.remembered());
  }

  /** How far both halves had come when stock was taken. */
  HandOver.State counters() {
    return counters;
  }

  boolean isEmpty() {
    return conversation.window().unackedCount() == 0 && !conversation.isWaiting();
  }

  /** Takes out the next piece; null if all that was left has expired. */
  HandOver poll() {
    Written<Deliverable> written = conversation.takeWritten();
    if (written != null) {
      return piece(written);
    }
    Mail.Delivery waiting = conversation.takeWaiting();
    return waiting == null ? null : new HandOver.Waiting(waiting);
  }

  private HandOver piece(Written<Deliverable> written) {
    // Only the first one can be what the peer choked on.
    int attempt = written.attempt() + (isFirst ? 1 : 0);
    isFirst = false;
    return written.delivery() instanceof Mailbox.Item item
        ? new HandOver.WrittenLetter(written.seq(), attempt, item)
        : new HandOver.Written(written.seq(), attempt, (Mail.Delivery) written.delivery());
  }

  /** How many messages were dropped since stock was taken. */
  long lost() {
    return conversation.lost() - counters.lost();
  }
}
