package io.peerhub.routing;

import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
   * @param returned what was never sent there, in order
   */
  record LoopGone(LoopKey loop, List<RouteNotice.Returned> returned) implements Command {}

  /** Tell this session when all that the sender has sent from here has arrived. */
  record Settle(Identity sender, ActorRef<SessionInput> who, SessionInput notice)
      implements Command {}

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
  private final ActorRef<Peer.Resolved> answers;
  private final ActorRef<Mail.Fenced> passes;
  private final DeviceSearch devices;
  private final Map<ActorRef<SessionInput>, Route> watched = new HashMap<>();
  private final Map<Long, Route> fences = new HashMap<>();
  private final Set<Route> unsettled = new LinkedHashSet<>();
  private final ForgottenSeats forgotten;
  private final FenceTokens tokens;
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
    this.answers = context.messageAdapter(Peer.Resolved.class, Answered::new);
    this.passes = context.messageAdapter(Mail.Fenced.class, Passed::new);
    this.devices =
        new DeviceSearch(routes, context.messageAdapter(Roster.Found.class, Listed::new));
    this.forgotten = forgotten;
    this.tokens = new FenceTokens(loop);
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
    switch (command) {
      case Seek seek -> onSeek(seek.route());
      case FindDevices find -> onFindDevices(find);
      case Noticed noticed -> onNotice(noticed.notice());
      case Relay relay -> routes.tellLoop(relay.loop(), relay.notice());
      case LoopGone gone -> onLoopGone(gone);
      case Answered answered -> onAnswer(answered.answer());
      case Passed passed -> onPassed(passed.fenced().token());
      case Listed listed -> devices.listed(listed.found());
      case Settle settle -> settlements.settle(settle);
      case Follow follow -> stragglers.follow(follow.barrier(), follow.moved());
      case Tick tick -> onTick();
    }
    settlements.proceed();
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated terminated) {
      Route route = watched.remove(terminated.getRef().<SessionInput>unsafeUpcast());
      if (route != null) {
        onEnded(route);
      }
      return this;
    }
    if (signal instanceof PreRestart) {
      with.meters().count(Meter.CRASHES);
      abandon();
    }
    return Behaviors.unhandled();
  }

  /** The next router finds all routes anew; meanwhile what waits for them waits, in its order. */
  private void abandon() {
    for (Route route : List.copyOf(routes.table.values())) {
      Seat last = route.fenced() == null ? route.seat() : route.fenced();
      if (last != null) {
        getContext().unwatch(last.session());
        forgotten.put(route.identity, last, now());
      }
      routes.startAnew(route);
    }
    devices.end();
  }

  private void onNotice(RouteNotice notice) {
    switch (notice) {
      case RouteNotice.Moved moved -> onMoved(moved);
      case RouteNotice.Returned returned -> onReturned(returned);
      case RouteNotice.Drained drained -> onPassed(drained.token());
      case RouteNotice.Barrier barrier -> barrier.pass();
    }
  }

  private void onSeek(Route route) {
    if (routes.table.get(route.identity) == route && !route.isAsking()) {
      ask(route);
    }
  }

  private void onFindDevices(FindDevices find) {
    devices.send(find.name(), find.template());
    startTicking();
  }

  private void onAnswer(Peer.Resolved answer) {
    Route route = routes.table.get(answer.identity());
    if (route == null || !route.isAsking()) {
      return;
    }
    if (answer.seat() == null) {
      route.beAbsent();
    } else if (route.isDead(answer.seat().session())) {
      return; // The peer has yet to see that this one ended: it is asked again in a while.
    } else if (routes.links().moved().contains(answer.seat().session())) {
      ask(route); // The peer has named another one since.
      return;
    } else {
      Seat last = forgotten.take(route.identity, now());
      sit(route, answer.seat(), answer.epoch());
      if (last != null && !last.session().equals(answer.seat().session())) {
        fence(route, last);
      }
    }
    settle(route);
  }

  private void onMoved(RouteNotice.Moved moved) {
    Route route = routes.table.get(moved.identity());
    if (route == null || route.seat() == null || moved.epoch() <= route.epoch()) {
      return;
    }
    Seat last = route.seat();
    unwatch(last);
    sit(route, moved.to(), moved.epoch());
    fence(route, last);
  }

  /** The session of the route is over: what it had not taken comes back before the fence does. */
  private void onEnded(Route route) {
    Seat last = route.vacate();
    fence(route, last);
  }

  private void onReturned(RouteNotice.Returned returned) {
    Identity identity = returned.delivery().to();
    Route route = routes.table.get(identity);
    if (route == null) {
      route = routes.seek(identity);
    } else if (route.seat() != null && route.seat().session().equals(returned.at())) {
      unwatch(route.seat());
      onEnded(route);
    }
    if (!route.carry(returned.delivery())) {
      routes.holdReturned(route.held, returned.delivery());
    }
  }

  /** What was fenced or sat there is found anew; nothing more can come back from there. */
  private void onLoopGone(LoopGone gone) {
    for (Route route : List.copyOf(routes.table.values())) {
      if (route.seat() != null && LoopKey.of(route.seat()).equals(gone.loop())) {
        unwatch(route.seat());
        route.vacate();
        unsettle(route);
      }
    }
    forgotten.removeAll(gone.loop());
    gone.returned().forEach(this::onReturned);
    for (Route route : List.copyOf(unsettled)) {
      if (route.fenced() != null && LoopKey.of(route.fenced()).equals(gone.loop())) {
        fences.remove(route.fence());
        route.unfence();
      }
      settle(route);
    }
    settlements.gone(gone.loop());
  }

  private void onPassed(long token) {
    Route route = fences.remove(token);
    if (route != null) {
      route.unfence();
      settle(route);
    } else {
      settlements.passed(token);
      stragglers.passed(token);
    }
  }

  private void onTick() {
    long now = now();
    for (Route route : List.copyOf(unsettled)) {
      if (route.fenceIsLate(now)) {
        with.meters().count(Meter.FENCES_LOST);
        onPassed(route.fence());
      } else if (route.answerIsLate(now)) {
        onSilence(route);
      }
    }
    devices.tick(now);
    startTicking();
  }

  private void onSilence(Route route) {
    if (route.askCount() < with.settings().askCountMax()) {
      ask(route);
    } else {
      forget(route, Drop.UNRESOLVED, Refusal.NO_MAJORITY);
    }
  }

  /** Does what is next for a route whose old path is empty. */
  private void settle(Route route) {
    if (route.fence() != Route.NONE) {
      return;
    }
    if (route.seat() != null) {
      unsettled.remove(route);
      routes.release(route);
      routes.makeRoom(this::forgetUnused);
    } else if (route.isAbsent() || route.held.isEmpty()) {
      forget(route, Drop.OFFLINE, Refusal.OFFLINE);
    } else if (!route.isAsking()) {
      ask(route);
    }
  }

  private void ask(Route route) {
    route.ask(now() + with.settings().askAgainAfter().toNanos());
    with.peers().tell(new Peer.Resolve(route.identity, answers));
    unsettle(route);
  }

  private void sit(Route route, Seat seat, long epoch) {
    route.sit(seat, epoch);
    getContext().watch(seat.session());
    watched.put(seat.session(), route);
  }

  private void unwatch(Seat seat) {
    getContext().unwatch(seat.session());
    watched.remove(seat.session());
  }

  /** If a fence is out already, that one ends behind all that was sent. */
  private void fence(Route route, Seat last) {
    if (route.fence() == Route.NONE) {
      long token = tokens.next();
      route.fence(token, last, now() + with.settings().fenceTimeout().toNanos());
      fences.put(token, route);
      routes.tell(last, new Mail.Fence(token, passes));
    }
    unsettle(route);
  }

  private void forget(Route route, Drop reason, Refusal refusal) {
    if (route.seat() != null) {
      unwatch(route.seat());
    }
    fences.remove(route.fence());
    unsettled.remove(route);
    routes.forget(route, reason, refusal);
  }

  private void forgetUnused(Route route) {
    forgotten.put(route.identity, route.seat(), now());
    forget(route, Drop.OFFLINE, Refusal.OFFLINE);
  }

  private void unsettle(Route route) {
    unsettled.add(route);
    startTicking();
  }

  /** Only while something waits: an idle hub has no timers here. */
  private void startTicking() {
    if (!timers.isTimerActive(Tick.class) && !(unsettled.isEmpty() && devices.isIdle())) {
      timers.startSingleTimer(Tick.class, new Tick(), TICK);
    }
  }

  private long now() {
    return with.nanos().getAsLong();
  }
}
