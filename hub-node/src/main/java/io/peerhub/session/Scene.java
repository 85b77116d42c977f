package io.peerhub.session;

import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What the phases of one session have in common: its actor, its timers, its surroundings, and what
 * has to be closed when it ends in whatever way, by an exception too.
 */
final class Scene {
  private final ActorContext<SessionInput> context;
  private final TimerScheduler<SessionInput> timers;
  private final Surroundings with;
  private final Outlet outlet;
  private final List<Runnable> closing = new ArrayList<>(1);

  private Scene(
      ActorContext<SessionInput> context,
      TimerScheduler<SessionInput> timers,
      Outlet outlet,
      Surroundings with) {
    this.context = context;
    this.timers = timers;
    this.outlet = outlet;
    this.with = with;
  }

  static Behavior<SessionInput> setUp(
      Outlet outlet, Surroundings with, Function<Scene, Behavior<SessionInput>> first) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  with.ledger().opened(Resource.SESSION);
                  return first.apply(new Scene(context, timers, outlet, with));
                }));
  }

  /** A phase: one method for what comes in, one for signals. */
  Behavior<SessionInput> phase(
      Function<SessionInput, Behavior<SessionInput>> onInput,
      Function<Signal, Behavior<SessionInput>> onSignal) {
    return Behaviors.receive(
        (ignored, input) -> {
          try {
            return onInput.apply(input);
          } catch (RuntimeException bug) {
            with.meters().count(Meter.CRASHES);
            throw bug;
          }
        },
        (ignored, signal) -> signal instanceof PostStop ? close() : onSignal.apply(signal));
  }

  /** The last word to a connection. */
  static Frame.Error error(Refusal refusal) {
    return new Frame.Error(refusal.code(), refusal.reason());
  }

  /** Does this when the session ends, however it ends. */
  void atEnd(Runnable action) {
    closing.add(action);
  }

  /** That is not to be done any more: an idle session holds nothing of its opening. */
  void forget(Runnable action) {
    closing.remove(action);
  }

  ActorContext<SessionInput> context() {
    return context;
  }

  TimerScheduler<SessionInput> timers() {
    return timers;
  }

  Surroundings with() {
    return with;
  }

  Outlet outlet() {
    return outlet;
  }

  ActorRef<SessionInput> self() {
    return context.getSelf();
  }

  private Behavior<SessionInput> close() {
    try {
      outlet.close();
      closing.forEach(Runnable::run);
    } finally {
      with.ledger().closed(Resource.SESSION);
    }
    return Behaviors.same();
  }
}
