package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What is done about each route of a loop, in its router's turn: where it leads is asked and
 * watched, and it changes its seat only when a fence has shown that the path to the old one is
 * empty. At most one question and one fence at a time for a route, one watch for a session.
 */
final class RouteKeeper {
  private final ActorContext<Router.Command> context;
  private final Routes routes;
  private final RoutingParts with;
  private final ActorRef<Peer.Resolved> answers;
  private final ActorRef<Mail.Fenced> passes;
  private final FenceTokens tokens;
  private final ForgottenSeats forgotten;
  private final Map<ActorRef<SessionInput>, Route> watched = new HashMap<>();
  private final Map<Long, Route> fences = new HashMap<>();
  private final Set<Route> unsettled = new LinkedHashSet<>();

  RouteKeeper(
      ActorContext<Router.Command> context,
      Routes routes,
      ActorRef<Peer.Resolved> answers,
      ActorRef<Mail.Fenced> passes,
      FenceTokens tokens,
      ForgottenSeats forgotten) {
    this.context = context;
    this.routes = routes;
    this.with = routes.with;
    this.answers = answers;
    this.passes = passes;
    this.tokens = tokens;
    this.forgotten = forgotten;
  }

  /** Whether a deadline runs for no route. */
  boolean isIdle() {
    return unsettled.isEmpty();
  }

  /** Asks where the receiver of a new route sits. */
  void seek(Route route) {
    if (routes.table.get(route.identity) == route && !route.isAsking()) {
      ask(route);
    }
  }

  /** A peer has said where it sits. */
  void answered(Peer.Resolved answer) {
    Route route = routes.table.get(answer.identity());
    if (route == null || !route.isAsking()) {
      follow(route, answer);
      return;
    }
    if (answer.seat() == null) {
      route.beAbsent();
    } else if (route.isDead(answer.seat().session())) {
      return; // The peer has yet to see that this one ended: it is asked again in a while.
    } else if (routes.links().moved().contains(answer.seat().session())) {
      askAgain(route); // The peer has named another one since.
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

  /**
   * The way to a loop stands still. Whoever has moved from there is not waited for any more, and
   * where the others sit that mail is on the way to is asked.
   */
  void stalled(LoopKey loop, Set<Identity> receivers) {
    Link link = routes.links().stalled(loop);
    if (link == null) {
      return;
    }
    for (Route route : List.copyOf(unsettled)) {
      if (route.fenced() != null && LoopKey.of(route.fenced()).equals(loop)) {
        cutOff(route, route.fenced(), link);
      }
    }
    for (Identity receiver : receivers) {
      Route route = routes.table.get(receiver);
      if (route != null && route.seat() != null && LoopKey.of(route.seat()).equals(loop)) {
        with.peers().tell(new Peer.Resolve(receiver, answers));
      }
    }
  }

  /** The peer has named a newer seat, though the old one has said nothing. */
  private void follow(Route route, Peer.Resolved answer) {
    if (route == null || route.seat() == null || answer.epoch() <= route.epoch()) {
      return;
    }
    Seat last = route.seat();
    Link link = routes.links().stalled(LoopKey.of(last));
    if (link == null) {
      moved(new RouteNotice.Moved(route.identity, last, answer.seat(), answer.epoch()));
    } else {
      unwatch(last);
      sit(route, answer.seat(), answer.epoch());
      cutOff(route, last, link);
    }
  }

  /**
   * Goes on without a fence on a way that stands still: what was never sent on it goes to the new
   * seat first, and of what was sent nobody knows, which its sender and the receiver are told.
   */
  private void cutOff(Route route, Seat last, Link link) {
    link.withdraw(
        last.session(),
        item -> {
          Mail.Delivery lost = Mail.message(item.input());
          routes.outcomes.refuse(lost, Drop.LINK, Refusal.OUTCOME_UNKNOWN);
          route.held.loseFirst(1);
        },
        item -> routes.holdReturned(route.held, Mail.message(item.input())));
    fences.remove(route.fence());
    route.unfence();
    settle(route);
  }

  /** A session has moved, and forwards. */
  void moved(RouteNotice.Moved moved) {
    Route route = routes.table.get(moved.identity());
    if (route == null || route.seat() == null || moved.epoch() <= route.epoch()) {
      return;
    }
    Seat last = route.seat();
    unwatch(last);
    sit(route, moved.to(), moved.epoch());
    fence(route, last);
  }

  /** What a session that ended had not taken. */
  void returned(RouteNotice.Returned returned) {
    Identity identity = returned.delivery().to();
    Route route = routes.table.get(identity);
    if (route == null) {
      route = routes.seek(identity);
    } else if (route.seat() != null && route.seat().session().equals(returned.at())) {
      unwatch(route.seat());
      vacate(route);
    }
    if (!route.carry(returned.delivery())) {
      routes.holdReturned(route.held, returned.delivery());
    }
  }

  /** What was fenced or sat there is found anew; nothing more can come back from there. */
  void loopGone(Router.LoopGone gone) {
    for (Route route : List.copyOf(routes.table.values())) {
      if (route.seat() != null && LoopKey.of(route.seat()).equals(gone.loop())) {
        unwatch(route.seat());
        route.vacate();
        unsettled.add(route);
      }
    }
    forgotten.removeAll(gone.loop());
    gone.lost().forEach(this::tellLost);
    gone.returned().forEach(this::returned);
    for (Route route : List.copyOf(unsettled)) {
      if (route.fenced() != null && LoopKey.of(route.fenced()).equals(gone.loop())) {
        fences.remove(route.fence());
        route.unfence();
      }
      settle(route);
    }
  }

  /** Messages may have been lost on the way: the receiver is told so wherever it sits now. */
  private void tellLost(Identity identity, int count) {
    Route route = routes.table.get(identity);
    if (route == null) {
      route = routes.seek(identity);
    }
    if (route.isOpen()) {
      routes.tell(route.seat(), new Mail.Lost(count, Links.LOST));
    } else {
      route.held.loseFirst(count);
    }
  }

  /** The session that a route leads to has ended. */
  void ended(ActorRef<SessionInput> session) {
    Route route = watched.remove(session);
    if (route != null) {
      vacate(route);
    }
  }

  /**
   * A fence has been answered.
   *
   * @return whether it was one of a route
   */
  boolean passed(long token) {
    Route route = fences.remove(token);
    if (route == null) {
      return false;
    }
    route.unfence();
    settle(route);
    return true;
  }

  /** Looks at the deadlines. */
  void tick(long now) {
    for (Route route : List.copyOf(unsettled)) {
      if (route.fenceIsLate(now)) {
        with.meters().count(Meter.FENCES_LOST);
        passed(route.fence());
      } else if (route.answerIsLate(now)) {
        onSilence(route);
      }
    }
  }

  /** The next router finds all routes anew; meanwhile what waits for them waits, in its order. */
  void abandon() {
    for (Route route : List.copyOf(routes.table.values())) {
      Seat last = route.fenced() == null ? route.seat() : route.fenced();
      if (last != null) {
        context.unwatch(last.session());
        forgotten.put(route.identity, last, now());
      }
      routes.startAnew(route);
    }
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
    } else if (route.isAbsent() || route.held.isIdle()) {
      // When it was sent, who exists had yet to be asked; by now there is an answer, most times.
      boolean known = with.known().test(route.identity);
      forget(route, Drop.OFFLINE, known ? Refusal.OFFLINE : Refusal.UNKNOWN_PEER);
    } else if (!route.isAsking()) {
      ask(route);
    }
  }

  /**
   * At once, but once: an answer that stays wrong is asked for in the rhythm of one that is late.
   */
  private void askAgain(Route route) {
    if (route.askCount() == 1) {
      ask(route);
    }
  }

  private void ask(Route route) {
    route.ask(now() + with.settings().askAgainAfter().toNanos());
    with.peers().tell(new Peer.Resolve(route.identity, answers));
    unsettled.add(route);
  }

  private void sit(Route route, Seat seat, long epoch) {
    route.sit(seat, epoch);
    context.watch(seat.session());
    watched.put(seat.session(), route);
  }

  private void unwatch(Seat seat) {
    context.unwatch(seat.session());
    watched.remove(seat.session());
  }

  /** The session of the route is over: what it had not taken comes back before the fence does. */
  private void vacate(Route route) {
    Seat last = route.vacate();
    fence(route, last);
  }

  /** If a fence is out already, that one ends behind all that was sent. */
  private void fence(Route route, Seat last) {
    if (route.fence() == Route.NONE) {
      long token = tokens.next();
      route.fence(token, last, now() + with.settings().fenceTimeout().toNanos());
      fences.put(token, route);
      routes.tell(last, new Mail.Fence(token, passes));
    }
    unsettled.add(route);
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

  private long now() {
    return with.nanos().getAsLong();
  }
}
