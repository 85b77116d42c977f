package io.peerhub.delivery;

/**
 * The rule of silence, the same on both sides: after {@code heartbeat} without a frame a side
 * pings, after twice that it closes.
 */
public final class Liveness {
  /** What silence so far asks for. */
  public enum Step {
    WAIT,
    PING,
    CLOSE
  }

  private final long heartbeat;
  private long heardAt;
  private boolean pinged;

  /**
   * @param heartbeat in nanoseconds
   */
  public Liveness(long heartbeat, long now) {
    this.heartbeat = heartbeat;
    this.heardAt = now;
  }

  /** A frame came. */
  public void heard(long now) {
    heardAt = now;
    pinged = false;
  }

  /** What to do now. PING is said once for each silence. */
  public Step step(long now) {
    long silence = now - heardAt;
    if (silence >= 2 * heartbeat) {
      return Step.CLOSE;
    }
    if (silence >= heartbeat && !pinged) {
      pinged = true;
      return Step.PING;
    }
    return Step.WAIT;
  }

  /** When {@link #step} is worth asking again, if nothing is heard before. */
  public long nextAt() {
    return heardAt + (pinged ? 2 * heartbeat : heartbeat);
  }
}
