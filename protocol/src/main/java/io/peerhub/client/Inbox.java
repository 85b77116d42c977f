package io.peerhub.client;

import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What was received: the order in which it is handled, what may be acknowledged, and where a resume
 * goes on.
 *
 * <p>Guarantees: a {@code seq} of a session is handled once, in rising order, however often it
 * comes; an ack never covers what is not handled; a reject goes out before the ack that would cover
 * it, and again after a resume if it is not proven that the hub has it. Holes in {@code seq} are
 * none of ours: what expired leaves them, and a loss is told by {@code gap}.
 *
 * <p>Pure: no lock, no thread.
 */
final class Inbox {
  /**
   * Something numbered, to be handled.
   *
   * @param session which session's numbering: what an older one left behind is not acknowledged
   * @param frame a message or a receipt; null for what was handled at its arrival
   */
  record Item(long session, long seq, Frame.FromHub frame) {
    boolean isLive() {
      return frame instanceof Frame.Message message && message.delivery() == DeliveryClass.LIVE;
    }
  }

  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private final ArrayDeque<Frame.Reject> rejects = new ArrayDeque<>();
  private final ArrayDeque<Frame.Reject> unproven = new ArrayDeque<>();
  private long rejectsWritten;
  private long rejectsProven;
  private long session;
  private long received;
  private long handled;
  private long acknowledged;
  private Item running;

  /** Whether this number is new; if not, it has been received before and is dropped here. */
  boolean receive(long seq) {
    if (seq <= received) {
      // Its ack may be what got lost.
      acknowledged = Math.min(acknowledged, seq - 1);
      return false;
    }
    received = seq;
    return true;
  }

  /** Queues something new for the handler. */
  void add(long seq, Frame.FromHub frame) {
    queue.add(new Item(session, seq, frame));
  }

  /** Notes something new that needs no handler: it counts as handled when its turn comes. */
  void addHandled(long seq) {
    queue.add(new Item(session, seq, null));
    skipHandled();
  }

  /** The next to be handled, or null. One at a time: the last must be done. */
  Item next() {
    running = queue.poll();
    return running;
  }

  boolean hasNext() {
    return !queue.isEmpty();
  }

  void done(Item item) {
    running = null;
    if (item.session() == session) {
      handled = item.seq();
      skipHandled();
    }
  }

  void rejected(Item item, Frame.Reject reject) {
    if (item.session() == session) {
      rejects.add(reject);
    }
    done(item);
  }

  private void skipHandled() {
    while (running == null && !queue.isEmpty() && queue.peek().frame() == null) {
      handled = queue.poll().seq();
    }
  }

  /** The next reject to write, or null. */
  Frame.Reject nextReject() {
    Frame.Reject reject = rejects.poll();
    if (reject != null) {
      unproven.add(reject);
      rejectsWritten++;
    }
    return reject;
  }

  /** The ack to write now, behind all rejects; empty if there is nothing new. */
  Optional<Frame.Ack> nextAck() {
    if (!isAckDue() || !rejects.isEmpty()) {
      return Optional.empty();
    }
    acknowledged = handled;
    return Optional.of(new Frame.Ack(handled));
  }

  boolean isAckDue() {
    return handled > acknowledged;
  }

  long unacknowledged() {
    return handled - acknowledged;
  }

  boolean hasRejects() {
    return !rejects.isEmpty();
  }

  long rejectsWritten() {
    return rejectsWritten;
  }

  boolean hasUnprovenRejects() {
    return !unproven.isEmpty();
  }

  /** The hub has as many of the rejects that were written. */
  void rejectsProven(long count) {
    while (rejectsProven < count && !unproven.isEmpty()) {
      unproven.poll();
      rejectsProven++;
    }
  }

  /**
   * From where a resumed session goes on: it counts as an ack of everything up to it, so it stays
   * below a reject of which the hub may not know. A live message that is with the handler counts as
   * handled: it must not come twice.
   */
  long resumePoint() {
    long point = handled;
    if (running != null && running.session() == session && running.isLive()) {
      point = running.seq();
    }
    if (!unproven.isEmpty()) {
      point = Math.min(point, unproven.peek().seq() - 1);
    }
    if (!rejects.isEmpty()) {
      point = Math.min(point, rejects.peek().seq() - 1);
    }
    return point;
  }

  /** The session goes on over a new connection: what may not have arrived is said again. */
  void resumed(long resumePoint) {
    while (!unproven.isEmpty()) {
      rejects.addFirst(unproven.pollLast());
    }
    rejectsWritten = 0;
    rejectsProven = 0;
    acknowledged = resumePoint;
  }

  /**
   * A new session. What survived the old one comes again under new numbers, so what still waits
   * here of the old one is let go.
   *
   * @return how many live messages that were: they may be lost
   */
  int restarted() {
    int lost = (int) queue.stream().filter(Item::isLive).count();
    queue.clear();
    rejects.clear();
    unproven.clear();
    rejectsWritten = 0;
    rejectsProven = 0;
    session++;
    received = 0;
    handled = 0;
    acknowledged = 0;
    return lost;
  }

  int unhandled() {
    return queue.size() + (running == null ? 0 : 1);
  }
}
