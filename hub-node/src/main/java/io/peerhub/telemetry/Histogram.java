package io.peerhub.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * How often something took how long, in fixed steps: for what happens at most a few thousand times
 * a second. Safe for any thread; one record is two uncontended adds.
 */
public final class Histogram {
  private final double[] upTo;
  private final LongAdder[] counts;
  private final LongAdder nanos = new LongAdder();

  /**
   * @param upTo the upper bounds of the steps, in seconds, rising; what is longer has a step of its
   *     own
   */
  Histogram(double... upTo) {
    this.upTo = upTo.clone();
    this.counts = new LongAdder[upTo.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Counts one that took this long, in nanoseconds. */
  public void record(long took) {
    double seconds = took / 1e9;
    int step = 0;
    while (step < upTo.length && seconds > upTo[step]) {
      step++;
    }
    counts[step].increment();
    nanos.add(took);
  }

  /** The bounds, in seconds, and infinity last. */
  double[] bounds() {
    double[] bounds = new double[upTo.length + 1];
    System.arraycopy(upTo, 0, bounds, 0, upTo.length);
    bounds[upTo.length] = Double.POSITIVE_INFINITY;
    return bounds;
  }

  /** How many fell into each step, not cumulative. */
  long[] counts() {
    long[] now = new long[counts.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts[i].sum();
    }
    return now;
  }

  /** All of them together, in seconds. */
  double sumSeconds() {
    return nanos.sum() / 1e9;
  }
}
