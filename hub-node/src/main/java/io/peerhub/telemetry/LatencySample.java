package io.peerhub.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a message is inside the hub, from a sample of one message in 256. Safe for any thread.
 *
 * <pre>{@code
 * long begun = latency.begin(); // where the send is taken
 * latency.end(begun);           // where its delivery is written
 * }</pre>
 *
 * <p>The counts only grow; whoever wants the last seconds takes the difference of two {@link
 * #counts}. A bucket is at most an eighth of its value wide, so a quantile is off by that at most.
 * What takes longer than {@link #LONGEST} counts as that.
 */
public final class LatencySample {
  /** The longest time that is told apart: about 18 minutes, in nanoseconds. */
  public static final long LONGEST = (1L << 40) - 1;

  private static final int ONE_OF = 256;
  private static final int STRIPES = 64;
  // One cache line a stripe, else the loops would take the line from each other at every message.
  private static final int STRIDE = 16;
  private static final int STEPS = 8;
  private static final int BUCKETS = (40 - 2) * STEPS;

  // Plain ints on purpose: two threads that share a stripe lose a tick now and then, which moves
  // the sample by a message; an atomic would cost every message more than all the rest of this.
  private final int[] ticks = new int[STRIPES * STRIDE];
  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  /** The time for one message in 256 of this thread, and 0 for the others. */
  public long begin() {
    int stripe = ((int) Thread.currentThread().threadId() & STRIPES - 1) * STRIDE;
    return (++ticks[stripe] & ONE_OF - 1) == 0 ? System.nanoTime() | 1 : 0;
  }

  /** Takes what {@link #begin} said, also from another thread; does nothing for 0. */
  public void end(long begun) {
    if (begun != 0) {
      record(System.nanoTime() - begun);
    }
  }

  /** Counts one message that took this long. */
  public void record(long nanos) {
    counts.getAndIncrement(bucket(Math.clamp(nanos, 0, LONGEST)));
  }

  /** How many fell into each bucket since the start. */
  long[] counts() {
    long[] copy = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }

  /** The nanoseconds that this share of the counted did not exceed; -1 if nothing was counted. */
  static long quantile(long[] counts, double share) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    long rank = Math.max(1, (long) Math.ceil(all * share));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return highest(i);
      }
    }
    return -1;
  }

  private static int bucket(long nanos) {
    if (nanos < STEPS) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    return (exponent - 2) * STEPS + (int) (nanos >>> exponent - 3 & STEPS - 1);
  }

  private static long highest(int bucket) {
    if (bucket < STEPS) {
      return bucket;
    }
    int shift = bucket / STEPS - 1;
    return ((long) (STEPS + bucket % STEPS + 1) << shift) - 1;
  }
}
