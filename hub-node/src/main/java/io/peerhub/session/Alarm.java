package io.peerhub.session;

import io.peerhub.peer.SessionInput;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The one timer of a session: it rings at the earliest of the times that were asked for, and what
 * rang is forgotten. A timer that is set later than the one that runs costs nothing.
 */
final class Alarm {
  private static final long SHORTEST_NANOS = 1_000_000;
  private static final Session.Tick TICK = new Session.Tick();

  private final TimerScheduler<SessionInput> timers;
  private long at = Long.MAX_VALUE;

  Alarm(TimerScheduler<SessionInput> timers) {
    this.timers = timers;
  }

  /** Rings at this time at the latest. */
  void by(long time, long now) {
    if (time < at) {
      at = time;
      timers.startSingleTimer(TICK, TICK, Duration.ofNanos(Math.max(SHORTEST_NANOS, time - now)));
    }
  }

  /** It has rung, or what it was set for is over. */
  void forget() {
    at = Long.MAX_VALUE;
  }
}
