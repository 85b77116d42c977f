package io.peerhub.connection;

/**
 * Since when a peer has taken nothing of what waits for it: one byte less, or nothing before, and
 * the time begins anew. Pure: times are nanoseconds of one monotonic clock.
 */
final class Stall {
  private long waiting;
  private long takenAt;

  /** So much waits now. */
  void waits(long bytes, long now) {
    if (bytes < waiting || waiting == 0) {
      takenAt = now;
    }
    waiting = bytes;
  }

  /** Whether something waits, and nothing at all was taken for longer than that. */
  boolean isLongerThan(long nanos, long now) {
    return waiting > 0 && now - takenAt > nanos;
  }
}
