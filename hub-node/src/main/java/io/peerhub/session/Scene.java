package io.peerhub.session;

import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger;
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
final class Scene implements Ledger.Owner {
  /** How far behind its time a timer may be, in nanoseconds, before it counts as lost. */
  private static final long TIMER_SLACK = 10_000_000_000L;

  /** When to come again, where the hub cannot say. */
  static final int NOT_KNOWN = 0;

  private final ActorContext<SessionInput> context;
  private final TimerScheduler<SessionInput> timers;
  private final Surroundings with;
  private final Line line = new Line();
  private final List<Runnable> closing = new ArrayList<>(1);
  private final Alarm alarm;
  private final Ledger.Entry entry;
  private Identity identity;

  private Scene(
      ActorContext<SessionInput> context,
      TimerScheduler<SessionInput> timers,
      Outlet outlet,
      Surroundings with) {
    this.context = context;
    this.timers = timers;
    this.line.connect(outlet);
    this.with = with;
    this.alarm = new Alarm(timers, with);
    this.entry = with.ledger().open(Resource.SESSION, this);
  }

  static Behavior<SessionInput> setUp(
      Outlet outlet, Surroundings with, Function<Scene, Behavior<SessionInput>> first) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> first.apply(new Scene(context, timers, outlet, with))));
  }

  /** A phase: one method for what comes in, one for signals. */
  Behavior<SessionInput> phase(
      Function<SessionInput, Behavior<SessionInput>> onInput,
      Function<Signal, Behavior<SessionInput>> onSignal) {
    return Behaviors.receive(
        (ignored, input) -> {
          try {
            return input instanceof Session.Unneeded ? onUnneeded() : onInput.apply(input);
          } catch (RuntimeException bug) {
            with.meters().count(Meter.CRASHES);
            throw bug;
          } catch (Error error) {
            // Pekko lets an actor live on after one: this one's state cannot be trusted any more.
            with.meters().count(Meter.CRASHES);
            throw new IllegalStateException("ended by an error", error);
          }
        },
        (ignored, signal) -> signal instanceof PostStop ? close() : onSignal.apply(signal));
  }

  /** The last word to a connection. */
  static Frame.Error error(Refusal refusal) {
    return error(refusal, NOT_KNOWN);
  }

  private static Frame.Error error(Refusal refusal, int retryAfterMs) {
    return new Frame.Error(refusal.code(), refusal.reason(), retryAfterMs);
  }

  /**
   * The last word to a connection that is not let in.
   *
   * @param retryAfterMs when it is worth another try, where the hub knows that
   */
  void turnAway(Refusal refusal, int retryAfterMs) {
    with.meters().count(Meter.HANDSHAKES_FAILED);
    with.meters().refused(refusal);
    line.say(error(refusal, retryAfterMs));
  }

  /** Does this when the session ends, however it ends. */
  void atEnd(Runnable action) {
    closing.add(action);
  }

  /** That is not to be done any more: an idle session holds nothing of its opening. */
  void forget(Runnable action) {
    closing.remove(action);
  }

  /** Whose session it is, from now on. */
  void belongsTo(Identity peer) {
    identity = peer;
  }

  // ---- what the ledger asks

  @Override
  public String named() {
    Identity peer = identity;
    return peer == null ? "before its hello" : peer.text();
  }

  /** A session lives from its connection, and without one from its timer, which ends it. */
  @Override
  public boolean needsIt() {
    return line.isOpen() || alarm.isSet(TIMER_SLACK);
  }

  @Override
  public void reclaim() {
    self().tell(new Session.Unneeded());
  }

  private Behavior<SessionInput> onUnneeded() {
    return needsIt() ? Behaviors.same() : Behaviors.stopped();
  }

  // ---- what the phases have in common

  Alarm alarm() {
    return alarm;
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

  /** To the peer. */
  Line line() {
    return line;
  }

  ActorRef<SessionInput> self() {
    return context.getSelf();
  }

  private Behavior<SessionInput> close() {
    try {
      line.hangUp();
      closing.forEach(Runnable::run);
    } finally {
      alarm.forget();
      entry.close();
    }
    return Behaviors.same();
  }
}
