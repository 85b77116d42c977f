package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the {@link Routes} of one loop true ("Table" shape): asks peers where they sit, watches the
 * sessions that mail goes to, and sees to it that a route changes its seat only when the path to
 * the old one is empty. It runs on the loop, so that it and the sessions share the table without a
 * lock.
 *
 * <p>It guarantees at most one question and one fence at a time for a route, and one watch for a
 * session. It carries no mail itself.
 */
public final class Router extends AbstractMatchingBehavior<Router.Command> {
  /** What a router hears. */
  public sealed interface Command {}

  /** {@link Routes} has made a route whose seat is not known. */
  record Seek(Route route) implements Command {}

  /** To all devices of a name. */
  record FindDevices(String name, Mail.Delivery template) implements Command {}

  /** Another loop's routing, or this one's, has something to say. */
  record Noticed(RouteNotice notice) implements Command {}

  /** Something for the routing of another loop, in order with what was relayed before. */
  record Relay(LoopKey loop, RouteNotice notice) implements Command {}

  /**
   * Nobody is at a loop any more.
   *
   * @param lost how many messages to whom were sent there and may not have arrived
   * @param returned what was never sent there, in order
   */
  record LoopGone(LoopKey loop, Map<Identity, Integer> lost, List<RouteNotice.Returned> returned)
      implements Command {}

  /** The way to a loop stands still: these receivers may sit elsewhere by now. */
  record Stalled(LoopKey loop, Set<Identity> receivers) implements Command {}

  /** Tell this session when all that the sender has sent from here has arrived. */
  record Settle(Identity sender, Runnable settled) implements Command {}

  /** Answer the barrier behind the mail that these sessions forward. */
  record Follow(RouteNotice.Barrier barrier, List<ActorRef<SessionInput>> moved)
      implements Command {}

  private record Answered(Peer.Resolved answer) implements Command {}

  private record Passed(Mail.Fenced fenced) implements Command {}

  private record Listed(Roster.Found found) implements Command {}

  private record Tick() implements Command {}

  /** How often deadlines are looked at while anything waits. */
  private static final Duration TICK = Duration.ofMillis(250);

  private final TimerScheduler<Command> timers;
  private final Routes routes;
  private final RoutingParts with;
  private final RouteKeeper keeper;
  private final DeviceSearch devices;
  private final Settlements settlements;
  private final Stragglers stragglers;

  private Router(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      int loop,
      Routes routes,
      ForgottenSeats forgotten) {
    super(context);
    this.timers = timers;
    this.routes = routes;
    this.with = routes.with;
    FenceTokens tokens = new FenceTokens(loop);
    ActorRef<Mail.Fenced> passes = context.messageAdapter(Mail.Fenced.class, Passed::new);
    this.keeper =
        new RouteKeeper(
            context,
            routes,
            context.messageAdapter(Peer.Resolved.class, Answered::new),
            passes,
            tokens,
            forgotten);
    this.devices =
        new DeviceSearch(routes, context.messageAdapter(Roster.Found.class, Listed::new));
    this.settlements = new Settlements(routes, tokens, passes);
    this.stragglers = new Stragglers(routes, tokens, passes);
  }

  /**
   * Starts the routing of a loop, under the parent, on the loop's dispatcher.
   *
   * @return what the sessions of this loop send through
   */
  public static Routes start(ActorContext<?> parent, int loop, RoutingParts with) {
    ActorSystem<?> system = parent.getSystem();
    DispatcherSelector dispatcher = DispatcherSelector.fromConfig("peerhub.loop." + loop);
    Routes routes =
        new Routes(
            loop, with, system.dispatchers().lookup(dispatcher), ActorRefResolver.get(system));
    routes.bind(
        parent.spawn(create(loop, routes), "router-" + loop, dispatcher),
        parent.spawn(LinkEndpoint.create(routes.links()), LinkEndpoint.name(loop), dispatcher));
    return routes;
  }

  static Behavior<Command> create(int loop, Routes routes) {
    // Outlives a crash, so that a flow which went to a seat before it is fenced there after it.
    ForgottenSeats forgotten = new ForgottenSeats(routes.with.settings().maxRoutes());
    Behavior<Command> router =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new Router(context, timers, loop, routes, forgotten)));
    return Behaviors.supervise(router).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    try {
      take(command);
      settlements.proceed();
    } finally {
      tickWhileBusy(); // After an Error too, which restarts nothing.
    }
    return this;
  }

  private void take(Command command) {
    switch (command) {
      case Seek seek -> keeper.seek(seek.route());
      case FindDevices find -> devices.send(find.name(), find.template());
      case Noticed noticed -> onNotice(noticed.notice());
      case Relay relay -> routes.tellLoop(relay.loop(), relay.notice());
      case LoopGone gone -> onLoopGone(gone);
      case Stalled stalled -> keeper.stalled(stalled.loop(), stalled.receivers());
      case Answered answered -> keeper.answered(answered.answer());
      case Passed passed -> onPassed(passed.fenced().token());
      case Listed listed -> devices.listed(listed.found());
      case Settle settle -> settlements.settle(settle);
      case Follow follow -> stragglers.follow(follow.barrier(), follow.moved());
      case Tick tick -> onTick();
    }
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated terminated) {
      keeper.ended(terminated.getRef().unsafeUpcast());
      tickWhileBusy();
      return this;
    }
    if (signal instanceof PreRestart) {
      with.meters().count(Meter.CRASHES);
      keeper.abandon();
      devices.end();
    }
    return Behaviors.unhandled();
  }

  private void onNotice(RouteNotice notice) {
    switch (notice) {
      case RouteNotice.Moved moved -> keeper.moved(moved);
      case RouteNotice.Returned returned -> keeper.returned(returned);
      case RouteNotice.Drained drained -> onPassed(drained.token());
      case RouteNotice.Barrier barrier -> barrier.pass();
    }
  }

  private void onLoopGone(LoopGone gone) {
    keeper.loopGone(gone);
    settlements.gone(gone.loop());
  }

  private void onPassed(long token) {
    if (!keeper.passed(token)) {
      settlements.passed(token);
      stragglers.passed(token);
    }
  }

  private void onTick() {
    long now = with.nanos().getAsLong();
    keeper.tick(now);
    devices.tick(now);
  }

  /** Only while something waits: an idle hub has no timers here. */
  private void tickWhileBusy() {
    if (!(keeper.isIdle() && devices.isIdle()) && !timers.isTimerActive(Tick.class)) {
      timers.startSingleTimer(Tick.class, new Tick(), TICK);
    }
  }
}
