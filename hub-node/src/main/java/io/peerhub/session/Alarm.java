package io.peerhub.session;

import io.peerhub.mail.SessionInput;
import io.peerhub.telemetry.Ledger.Resource;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The one timer of a session, whatever phase it is in: it rings at the earliest of the times that
 * were asked for, and what rang is forgotten. A timer that is set later than the one that runs
 * costs nothing.
 */
final class Alarm {
  private static final long SHORTEST_NANOS = 1_000_000;
  private static final long NEVER = Long.MAX_VALUE;
  private static final Session.Tick TICK = new Session.Tick();

  private final TimerScheduler<SessionInput> timers;
  private final Surroundings with;
  private long at = NEVER;

  Alarm(TimerScheduler<SessionInput> timers, Surroundings with) {
    this.timers = timers;
    this.with = with;
  }

  /** Rings at this time at the latest. */
  void by(long time, long now) {
    if (time < at) {
      set(time, Duration.ofNanos(Math.max(SHORTEST_NANOS, time - now)));
    }
  }

  /** Rings after this time, and not before. */
  void in(Duration delay) {
    set(with.nanos().getAsLong() + delay.toNanos(), delay);
  }

  private void set(long time, Duration delay) {
    if (at == NEVER) {
      with.ledger().opened(Resource.TIMER);
    }
    at = time;
    timers.startSingleTimer(TICK, TICK, delay);
  }

  /** It has rung, or what it was set for is over and the next time comes at once. */
  void forget() {
    if (at != NEVER) {
      at = NEVER;
      with.ledger().closed(Resource.TIMER);
    }
  }

  /** It does not ring any more. */
  void cancel() {
    timers.cancel(TICK);
    forget();
  }

  /** Whether it is going to ring, give or take this many nanoseconds. For any thread. */
  boolean isSet(long slack) {
    long due = at;
    return due != NEVER && due + slack - with.nanos().getAsLong() > 0;
  }
}
