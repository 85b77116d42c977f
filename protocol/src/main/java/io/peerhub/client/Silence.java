package io.peerhub.client;

/**
 * The rule of liveness, the same on both sides: after one heartbeat without a frame ask for a sign
 * of life, after two give the connection up. Times are nanoseconds of one monotonic clock.
 */
final class Silence {
  /** What is to be done now. */
  enum Verdict {
    NOTHING,
    ASK,
    GIVE_UP
  }

  private final long heartbeat;
  private long lastHeard;
  private Verdict last = Verdict.NOTHING;

  Silence(long heartbeat, long now) {
    this.heartbeat = heartbeat;
    this.lastHeard = now;
  }

  void heard(long now) {
    lastHeard = now;
    last = Verdict.NOTHING;
  }

  /** Each verdict but {@code NOTHING} is given once for one silence. */
  Verdict judge(long now) {
    if (last == Verdict.GIVE_UP || now - due() < 0) {
      return Verdict.NOTHING;
    }
    boolean isOver = now - lastHeard >= 2 * heartbeat;
    last = isOver ? Verdict.GIVE_UP : Verdict.ASK;
    return last;
  }

  /** When to judge next. */
  long due() {
    return switch (last) {
      case NOTHING -> lastHeard + heartbeat;
      case ASK -> lastHeard + 2 * heartbeat;
      case GIVE_UP -> Long.MAX_VALUE / 2 + lastHeard;
    };
  }
}
