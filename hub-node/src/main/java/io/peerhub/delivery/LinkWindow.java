package io.peerhub.delivery;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The sending side of a link: numbers batches from 1, keeps each until it is acknowledged, and says
 * when the credit is used up. Acknowledgements are cumulative; what is behind a hole is sent again
 * from the hole on. Belongs to one thread.
 *
 * @param <B> a batch, as it is sent
 */
public final class LinkWindow<B> {
  private record Slot<B>(long number, B batch, long bytes) {}

  /** Takes a batch and its number. */
  public interface Sender<B> {
    void send(long number, B batch);
  }

  private final ArrayDeque<Slot<B>> unacknowledged = new ArrayDeque<>();
  private final long credit;
  private long last;
  private long acknowledged;
  private long inFlight;

  /** A window in which, but for the last batch, no more than this many bytes are in flight. */
  public LinkWindow(long credit) {
    if (credit <= 0) {
      throw new IllegalArgumentException("a link needs credit");
    }
    this.credit = credit;
  }

  /** Whether a batch may be sent now. */
  public boolean hasCredit() {
    return inFlight < credit;
  }

  /** Takes the batch into the window and gives it its number. */
  public long add(B batch, long bytes) {
    last++;
    unacknowledged.add(new Slot<>(last, batch, bytes));
    inFlight += bytes;
    return last;
  }

  /**
   * Everything up to a number has arrived. A number that was never sent is ignored: it is not from
   * this link.
   *
   * @param arrived takes each batch that has arrived, once, in order
   * @return whether that was news
   */
  public boolean acknowledge(long upTo, Consumer<B> arrived) {
    if (upTo <= acknowledged || upTo > last) {
      return false;
    }
    while (acknowledged < upTo) {
      Slot<B> slot = unacknowledged.remove();
      acknowledged = slot.number();
      inFlight -= slot.bytes();
      arrived.accept(slot.batch());
    }
    return true;
  }

  /**
   * Sends again what is not acknowledged, in order, beginning with a number.
   *
   * @param max at most so many batches
   * @return how many were sent
   */
  public int resend(long from, int max, Sender<B> sender) {
    int count = 0;
    for (Slot<B> slot : unacknowledged) {
      if (count >= max) {
        break;
      }
      if (slot.number() >= from) {
        sender.send(slot.number(), slot.batch());
        count++;
      }
    }
    return count;
  }

  /** Looks at what is not acknowledged, in order. */
  public void forEach(Consumer<B> batches) {
    unacknowledged.forEach(slot -> batches.accept(slot.batch()));
  }

  /** Whether everything that was sent has arrived. */
  public boolean isEmpty() {
    return unacknowledged.isEmpty();
  }

  /** The highest number that is acknowledged; 0 before the first. */
  public long acknowledged() {
    return acknowledged;
  }

  /** The bytes that are in flight. */
  public long inFlight() {
    return inFlight;
  }

  /** Takes out, in order, what was sent and is not acknowledged: the link is given up. */
  public void abandon(Consumer<B> batches) {
    for (Slot<B> slot = unacknowledged.poll(); slot != null; slot = unacknowledged.poll()) {
      batches.accept(slot.batch());
    }
    inFlight = 0;
  }
}
