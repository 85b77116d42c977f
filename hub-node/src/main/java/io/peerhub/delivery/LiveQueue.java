package io.peerhub.delivery;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Live messages that wait for one receiver, oldest first. Bounded by count and by bytes: what is
 * over the limit is taken out at the front with {@link #overflow()}, and the caller says what
 * became of it. Messages end by their own time too, wherever they stand.
 *
 * @param <T> a message
 */
public final class LiveQueue<T> {
  private record Entry<T>(T message, int weight, long expiresAt) {}

  private final int maxCount;
  private final long maxBytes;
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>(0);
  private long bytes;

  public LiveQueue(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public int size() {
    return entries.size();
  }

  /** The weight of all that wait, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Puts a message behind the others. The caller asks {@link #overflow()} afterwards. */
  public void add(T message, int weight, long expiresAt) {
    entries.addLast(new Entry<>(message, weight, expiresAt));
    bytes += weight;
  }

  /** Takes out the oldest message if there are too many or they weigh too much; else null. */
  public T overflow() {
    return entries.size() > maxCount || bytes > maxBytes ? poll() : null;
  }

  /** The oldest message, expired or not; null if there is none. It stays. */
  public T peek() {
    Entry<T> first = entries.peekFirst();
    return first == null ? null : first.message;
  }

  /** When the oldest message ends. */
  public long headExpiresAt() {
    return entries.getFirst().expiresAt;
  }

  /** Takes the oldest message, expired or not; null if there is none. */
  public T poll() {
    Entry<T> first = entries.pollFirst();
    if (first == null) {
      return null;
    }
    bytes -= first.weight;
    return first.message;
  }

  /** Takes out all that have expired, and says when the next one will; Long.MAX_VALUE if none. */
  public long expire(long now, Consumer<T> expired) {
    long next = Long.MAX_VALUE;
    for (Iterator<Entry<T>> all = entries.iterator(); all.hasNext(); ) {
      Entry<T> entry = all.next();
      if (entry.expiresAt - now <= 0) {
        all.remove();
        bytes -= entry.weight;
        expired.accept(entry.message);
      } else {
        next = Math.min(next, entry.expiresAt);
      }
    }
    return next;
  }
}
