package io.peerhub.delivery;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Live messages that wait for one receiver, oldest first. Bounded by count and by bytes: what is
 * over the limit is taken out at the front with {@link #overflow()}, and the caller says what
 * became of it. Messages end by their own time too, wherever they stand.
 *
 * <p>It keeps the place of what was lost between those that wait, so that the receiver can be told
 * there: {@link #takeLost()} before each {@link #poll()} gives what is missing in front of it.
 *
 * @param <T> a message
 */
public final class LiveQueue<T> {
  private static final class Entry<T> {
    private final T message;
    private final int weight;
    private final long expiresAt;
    private Loss lostBefore;

    Entry(T message, int weight, long expiresAt, Loss lostBefore) {
      this.message = message;
      this.weight = weight;
      this.expiresAt = expiresAt;
      this.lostBefore = lostBefore;
    }
  }

  private final int maxCount;
  private final long maxBytes;
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>(0);
  private long bytes;
  private Loss lostInFront = Loss.NONE;
  private Loss lostBehind = Loss.NONE;

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
    entries.addLast(new Entry<>(message, weight, expiresAt, lostBehind));
    lostBehind = Loss.NONE;
    bytes += weight;
  }

  /** Takes out the oldest message if there are too many or they weigh too much; else null. */
  public T overflow() {
    return entries.size() > maxCount || bytes > maxBytes ? lose() : null;
  }

  /** Takes out the oldest message and counts it as lost in that place; null if there is none. */
  public T lose() {
    T oldest = poll();
    if (oldest != null) {
      lostInFront = lostInFront.plus(Loss.OVER_LIMIT);
    }
    return oldest;
  }

  /** The newest message found no room: behind all that wait it is missing. */
  public void loseNewest() {
    lostBehind(Loss.OVER_LIMIT);
  }

  /** Behind all that wait these are missing. */
  public void lostBehind(Loss loss) {
    if (entries.isEmpty()) {
      lostInFront = lostInFront.plus(loss);
    } else {
      lostBehind = lostBehind.plus(loss);
    }
  }

  /** What is missing in front of the oldest message. From now on it counts as told. */
  public Loss takeLost() {
    Loss loss = lostInFront;
    lostInFront = Loss.NONE;
    return loss;
  }

  /** How many are missing in all and have not been told. */
  public long lost() {
    long count = lostInFront.count() + lostBehind.count();
    for (Entry<T> entry : entries) {
      count += entry.lostBefore.count();
    }
    return count;
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
    frontMoved();
    return first.message;
  }

  /** Takes out all that have expired, and says when the next one will; Long.MAX_VALUE if none. */
  public long expire(long now, Consumer<T> expired) {
    long next = Long.MAX_VALUE;
    Loss carried = Loss.NONE;
    for (Iterator<Entry<T>> all = entries.iterator(); all.hasNext(); ) {
      Entry<T> entry = all.next();
      if (entry.expiresAt - now <= 0) {
        all.remove();
        bytes -= entry.weight;
        carried = carried.plus(entry.lostBefore);
        expired.accept(entry.message);
      } else {
        entry.lostBefore = carried.plus(entry.lostBefore);
        carried = Loss.NONE;
        next = Math.min(next, entry.expiresAt);
      }
    }
    lostBehind = carried.plus(lostBehind);
    frontMoved();
    return next;
  }

  /** What is missing before the message that is the oldest now is missing in front. */
  private void frontMoved() {
    Entry<T> first = entries.peekFirst();
    if (first == null) {
      lostInFront = lostInFront.plus(lostBehind);
      lostBehind = Loss.NONE;
    } else {
      lostInFront = lostInFront.plus(first.lostBefore);
      first.lostBefore = Loss.NONE;
    }
  }
}
