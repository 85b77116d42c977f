package io.peerhub.delivery;

/**
 * How many bad frames a peer has sent lately. A few are forgiven (a client with a bug stays
 * connected and is told by number), more are an attack or a client that will not mend itself.
 */
public final class BadFrames {
  private static final long MINUTE = 60_000_000_000L;
  private final int max;
  private long[] times;
  private long seen;

  /**
   * @param max the count within a minute that is fatal
   */
  public BadFrames(int max) {
    this.max = max;
  }

  /** One more: true if it is the {@code max}-th within a minute. */
  public boolean tooMany(long now) {
    if (times == null) {
      times = new long[max];
    }
    times[(int) (seen % max)] = now;
    seen++;
    // The slot that the next one will take holds the oldest of the last max.
    return seen >= max && now - times[(int) (seen % max)] < MINUTE;
  }
}
