package io.peerhub.delivery;

/**
 * The rule of silence, the same on both sides: after {@code heartbeat} without a frame a side
 * pings, after twice that it closes. It never closes without having pinged a heartbeat before: if
 * the asking itself stood still for so long, what came meanwhile is not read yet.
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
  private long pingedAt;
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
    if (now - nextAt() < 0) {
      return Step.WAIT;
    }
    if (pinged) {
      return Step.CLOSE;
    }
    pinged = true;
    pingedAt = now;
    return Step.PING;
  }

  /** When {@link #step} is worth asking again, if nothing is heard before. */
  public long nextAt() {
    return (pinged ? pingedAt : heardAt) + heartbeat;
  }
}
