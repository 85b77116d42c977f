package io.peerhub.protocol.wire;

/**
 * The rule of silence, the same on both sides of a connection: after one heartbeat without a frame
 * a side pings, after another one it closes. It never closes without having pinged a heartbeat
 * before: if the asking itself stood still for so long, what came meanwhile is not read yet.
 *
 * <p>Times are nanoseconds of one monotonic clock. Belongs to one connection and its thread.
 */
public final class Liveness {
  /** What silence so far asks for. */
  public enum Step {
    WAIT,
    PING,
    CLOSE
  }

  /** After the last step there is nothing more to ask for: a year is as good as never. */
  private static final long NEVER = 365L * 24 * 3_600 * 1_000_000_000;

  private final long heartbeat;
  private Step last = Step.WAIT;
  private long nextAt;

  /**
   * @param heartbeat in nanoseconds
   */
  public Liveness(long heartbeat, long now) {
    this.heartbeat = heartbeat;
    this.nextAt = now + heartbeat;
  }

  /** A frame came. */
  public void heard(long now) {
    last = Step.WAIT;
    nextAt = now + heartbeat;
  }

  /** What to do now. PING and CLOSE are said once for each silence. */
  public Step step(long now) {
    if (now - nextAt < 0) {
      return Step.WAIT;
    }
    return switch (last) {
      case WAIT -> begin(Step.PING, now + heartbeat);
      case PING, CLOSE -> begin(Step.CLOSE, now + NEVER);
    };
  }

  private Step begin(Step step, long next) {
    last = step;
    nextAt = next;
    return step;
  }

  /** When {@link #step} is worth asking again, if nothing is heard before. */
  public long nextAt() {
    return nextAt;
  }
}
