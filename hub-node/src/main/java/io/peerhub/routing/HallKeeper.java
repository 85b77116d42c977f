package io.peerhub.routing;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.room.Room;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Where what rooms say comes to a loop, and where what rooms of this node say leaves for others
 * ("Table" shape; the table is {@link Halls}). It runs on the loop, so that a copy goes from here
 * to the connections of all members without another hand-off. A fault in one message is counted and
 * ends with it, since the sessions of the whole loop hang on this actor.
 */
public final class HallKeeper {
  /** What a keeper hears, besides {@link Room.Notice}. */
  public sealed interface Command extends SessionInput {}

  /** Bring this to a seat on another node, in order. */
  record Relay(Seat to, SessionInput what) implements Command {}

  /** There is something to look at from now on. */
  record Wake() implements Command {}

  private record Tick() implements Command {}

  private static final Duration TICK = Duration.ofMillis(500);

  private final ActorContext<SessionInput> context;
  private final TimerScheduler<SessionInput> timers;
  private final Halls[] halls;

  private HallKeeper(
      ActorContext<SessionInput> context, TimerScheduler<SessionInput> timers, Halls[] halls) {
    this.context = context;
    this.timers = timers;
    this.halls = halls;
  }

  /**
   * Starts the rooms of a loop, under the parent, on the loop's dispatcher.
   *
   * @return what the sessions of this loop join and send through, once it is opened
   */
  public static Halls start(
      ActorContext<?> parent, int loop, Routes routes, HallSettings settings) {
    Halls[] table = new Halls[1]; // Made when the actor is, and read by it later only.
    ActorRef<SessionInput> keeper =
        parent.spawn(
            create(table), "halls-" + loop, DispatcherSelector.fromConfig("peerhub.loop." + loop));
    table[0] = new Halls(routes, loop, settings, keeper);
    return table[0];
  }

  private static Behavior<SessionInput> create(Halls[] table) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  HallKeeper keeper = new HallKeeper(context, timers, table);
                  return Behaviors.receive(
                      (ignored, input) -> keeper.onInput(input),
                      (ignored, signal) -> keeper.onSignal(signal));
                }));
  }

  private Behavior<SessionInput> onInput(SessionInput input) {
    try {
      switch (input) {
        case Room.Notice notice -> halls[0].on(notice, context::watch);
        case Relay relay -> halls[0].relay(relay);
        case Wake wake -> startTicking();
        case Tick tick -> onTick();
        case SessionInput other -> {
          return Behaviors.unhandled();
        }
      }
    } catch (RuntimeException bug) {
      halls[0].crashed(bug);
    }
    return Behaviors.same();
  }

  private void onTick() {
    boolean isBusy = true; // After a throw too, or nobody would look any more.
    try {
      isBusy = halls[0].tick(context::unwatch);
    } finally {
      if (isBusy) {
        startTicking();
      }
    }
  }

  private Behavior<SessionInput> onSignal(Signal signal) {
    if (signal instanceof Terminated gone) {
      halls[0].ended(gone.getRef());
      startTicking();
      return Behaviors.same();
    }
    return Behaviors.unhandled();
  }

  private void startTicking() {
    if (!timers.isTimerActive(Tick.class)) {
      timers.startSingleTimer(Tick.class, new Tick(), TICK);
    }
  }
}
