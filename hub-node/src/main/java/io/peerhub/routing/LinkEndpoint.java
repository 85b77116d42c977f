package io.peerhub.routing;

import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Where the links of a loop end, on the loop ("Table" shape): hears batches from other loops and
 * their acknowledgements, and watches the other ends. Other nodes find it by its path. What it
 * knows is in {@link Links}, which survives it if it is restarted.
 */
public final class LinkEndpoint extends AbstractMatchingBehavior<LinkEndpoint.Command> {
  /** What the end of a link hears. */
  public sealed interface Command {}

  /**
   * Which batch.
   *
   * @param from where acknowledgements go
   * @param link the link's number at {@code from}, rising there
   * @param number the batch's number in its link, from 1
   * @param started whether the sender has had an acknowledgement on this link
   */
  public record Stamp(ActorRef<Command> from, long link, long number, boolean started) {}

  /** A batch from a loop of the same node. */
  record Parcel(Stamp stamp, List<LinkItem> items) implements Command {}

  /**
   * A batch from another node, or a piece of one.
   *
   * @param more whether another piece of it follows
   */
  public record Packet(Stamp stamp, boolean more, byte[] bytes) implements Command {}

  /** Everything up to a number has been taken. */
  public record Ack(long link, ActorRef<Command> by, long upTo) implements Command {}

  /** The batch of this number has not come, but later ones have. */
  public record Missing(long link, long number) implements Command {}

  /** This end does not know the link, or could not read what came on it. */
  public record Reset(long link) implements Command {}

  /** Something is unacknowledged from now on. */
  record Wake() implements Command {}

  private record Tick() implements Command {}

  private static final Duration TICK = Duration.ofMillis(500);

  private final TimerScheduler<Command> timers;
  private final Links links;

  private LinkEndpoint(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
    super(context);
    this.timers = timers;
    this.links = links;
  }

  /** The name under the guardian by which the nodes find each other's endpoints. */
  static String name(int loop) {
    return "links-" + loop;
  }

  static Behavior<Command> create(Links links) {
    Behavior<Command> endpoint =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new LinkEndpoint(context, timers, links)));
    return Behaviors.supervise(endpoint).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Parcel parcel -> {
        watchNew(parcel.stamp().from());
        links.arrivals().parcel(parcel);
      }
      case Packet packet -> {
        watchNew(packet.stamp().from());
        links.arrivals().packet(packet);
      }
      case Ack ack -> {
        getContext().watch(ack.by());
        links.acknowledged(ack);
      }
      case Missing missing -> links.missing(missing);
      case Reset reset -> links.reset(reset);
      case Wake wake -> startTicking();
      case Tick tick -> {
        if (links.tick()) {
          startTicking();
        }
      }
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated terminated) {
      links.ended(terminated.getRef());
      return this;
    }
    if (signal instanceof PreRestart) {
      links.with.meters().count(Meter.CRASHES);
    }
    return Behaviors.unhandled();
  }

  private void watchNew(ActorRef<Command> from) {
    if (links.arrivals().isNew(from)) {
      getContext().watch(from);
    }
  }

  private void startTicking() {
    if (!timers.isTimerActive(Tick.class)) {
      timers.startSingleTimer(Tick.class, new Tick(), TICK);
    }
  }
}
