package io.peerhub.telemetry;

import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayDeque;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * What the counters say about the last ten seconds. It has no thread: one timer calls {@link
 * #sample} once a second, and any thread may ask for the {@link #reading} of the latest sample.
 */
public final class Rates {
  private static final int WINDOW = 10;

  /**
   * The last ten seconds, or less just after the start.
   *
   * @param messagesPerSecond sends that were taken
   * @param deliveriesPerSecond messages that were written to a connection, first time or again
   * @param errorRate of what was asked, the share that was refused or dropped: 0 to 1
   * @param latencyP99Millis time inside the hub, from the sample; empty if nothing was sampled
   */
  public record Reading(
      double messagesPerSecond,
      double deliveriesPerSecond,
      double errorRate,
      OptionalDouble latencyP99Millis) {}

  private record Point(
      long nanos, long accepted, long delivered, long refused, long dropped, long[] latency) {}

  private final Meters meters;
  private final LatencySample latency;
  private final LongSupplier nanos;
  private final ArrayDeque<Point> points = new ArrayDeque<>(WINDOW + 1);
  private volatile Reading reading = new Reading(0, 0, 0, OptionalDouble.empty());

  public Rates(Meters meters, LatencySample latency, LongSupplier nanos) {
    this.meters = meters;
    this.latency = latency;
    this.nanos = nanos;
    points.add(now());
  }

  /** Takes one sample; every second is the rhythm. */
  public synchronized void sample() {
    Point latest = now();
    points.add(latest);
    if (points.size() > WINDOW + 1) {
      points.remove();
    }
    reading = between(points.peek(), latest);
  }

  /** What the latest sample said. */
  public Reading reading() {
    return reading;
  }

  private Point now() {
    return new Point(
        nanos.getAsLong(),
        meters.sum(Meter.ACCEPTED),
        meters.sum(Meter.DELIVERED) + meters.sum(Meter.REDELIVERED),
        refused(),
        dropped(),
        latency.counts());
  }

  private long refused() {
    long sum = 0;
    for (Refusal refusal : Refusal.values()) {
      sum += meters.sum(refusal);
    }
    return sum;
  }

  private long dropped() {
    long sum = 0;
    for (Drop reason : Drop.values()) {
      sum += meters.sum(reason);
    }
    return sum;
  }

  private static Reading between(Point first, Point last) {
    double seconds = Math.max(1e-3, (last.nanos - first.nanos) / 1e9);
    long accepted = last.accepted - first.accepted;
    long refused = last.refused - first.refused;
    long wrong = refused + last.dropped - first.dropped;
    // What is dropped now may have been taken before the window.
    double errorRate =
        wrong == 0 ? 0 : Math.min(1, (double) wrong / Math.max(1, accepted + refused));
    return new Reading(
        accepted / seconds,
        (last.delivered - first.delivered) / seconds,
        errorRate,
        p99(first.latency, last.latency));
  }

  private static OptionalDouble p99(long[] first, long[] last) {
    long[] between = new long[last.length];
    for (int i = 0; i < last.length; i++) {
      between[i] = last[i] - first[i];
    }
    long p99 = LatencySample.quantile(between, 0.99);
    return p99 < 0 ? OptionalDouble.empty() : OptionalDouble.of(p99 / 1e6);
  }
}
