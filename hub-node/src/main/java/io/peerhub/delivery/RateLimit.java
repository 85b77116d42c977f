package io.peerhub.delivery;

/**
 * A token bucket: {@code perSecond} in the long run, {@code burst} at once. Kept as the time at
 * which the bucket would be full again (GCRA), so that it needs one number and no timer.
 */
public final class RateLimit {
  private static final long SECOND = 1_000_000_000L;
  private final long interval;
  private final long tolerance;
  private long fullAt = Long.MIN_VALUE;

  /**
   * @param perSecond at most this many a second, 1 to 1,000,000,000
   * @param burst at most this many at once
   */
  public RateLimit(int perSecond, int burst) {
    if (perSecond <= 0 || burst <= 0) {
      throw new IllegalArgumentException("rate and burst must be positive");
    }
    this.interval = Math.max(1, SECOND / perSecond);
    this.tolerance = Math.multiplyExact(interval, (long) burst);
  }

  /** Takes one, if there is one. */
  public boolean take(long now) {
    long base = fullAt == Long.MIN_VALUE || fullAt - now < 0 ? now : fullAt;
    if (base + interval - now > tolerance) {
      return false;
    }
    fullAt = base + interval;
    return true;
  }

  /** How long after {@code now} the next one can be had, in ms, at least 1. */
  public int retryAfterMs(long now) {
    long nanos = fullAt + interval - tolerance - now;
    return (int) Math.max(1, (nanos + 999_999) / 1_000_000);
  }
}
