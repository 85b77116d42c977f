package io.peerhub.session;

import io.peerhub.mail.SessionInput;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The parent of all sessions of one loop ("Table" shape; the table is its children). A session that
 * ends by an exception is not started again: its peer comes back by itself, to a session whose
 * state can be trusted.
 */
public final class Sessions {
  /** What the parent of a loop's sessions hears. */
  public sealed interface Command {}

  /** A connection has its first frame: make a session for it on this loop. */
  public record Open(Outlet outlet) implements Command {}

  /** The node ends: every session tells its peer to go, each within its own slot of this time. */
  public record Drain(Duration spread) implements Command {}

  private Sessions() {}

  /** The parent for the loop on whose dispatcher it is spawned. */
  public static Behavior<Command> create(Surroundings with) {
    return Behaviors.setup(
        context ->
            Behaviors.receiveMessage(
                command ->
                    switch (command) {
                      case Open open -> open(context, open.outlet(), with);
                      case Drain drain -> drain(context, drain.spread());
                    }));
  }

  /** One that cannot be made must not end the others; its connection's deadline ends that one. */
  private static Behavior<Command> open(
      ActorContext<Command> context, Outlet outlet, Surroundings with) {
    try {
      ActorRef<SessionInput> session =
          context.spawnAnonymous(Session.create(outlet, with), DispatcherSelector.sameAsParent());
      outlet.opened(session.narrow());
    } catch (RuntimeException bug) {
      with.meters().count(Meter.CRASHES);
      context.getLog().error("A session could not be made", bug);
    }
    return Behaviors.same();
  }

  private static Behavior<Command> drain(ActorContext<Command> context, Duration spread) {
    long slots = Math.max(1, spread.toMillis());
    for (ActorRef<Void> child : context.getChildren()) {
      Duration slot = Duration.ofMillis(ThreadLocalRandom.current().nextLong(slots));
      child.<SessionInput>unsafeUpcast().tell(new Session.Drain(slot));
    }
    return Behaviors.same();
  }
}
