package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Where mail of one loop goes: a bounded table from identity to the seat of its session.
 *
 * <p>It guarantees that what this loop sends to one identity arrives in the order in which it was
 * sent, through every move of the receiver, and that a message which does not arrive is counted and
 * told to a sender that asked. It does not confirm what arrives.
 *
 * <p>Belongs to its loop: sessions and the {@link Router} call it on the loop's thread, so that a
 * send on an open route is one look into a hash table and one tell.
 */
public final class Routes {
  /** How many routes that were used lately are passed over for one that was not. */
  private static final int SECOND_CHANCES = 16;

  final LinkedHashMap<Identity, Route> table = new LinkedHashMap<>();
  final RoutingParts with;
  final Outcomes outcomes;
  private final int loop;
  private final Links links;
  private long heldBytes;
  private final Map<Identity, Integer> heldBySender = new HashMap<>();
  private ActorRef<Router.Command> router;

  Routes(int loop, RoutingParts with, Executor executor, ActorRefResolver resolver) {
    this.loop = loop;
    this.with = with;
    this.outcomes = new Outcomes(this, with.meters());
    this.links = new Links(with, outcomes, executor, resolver);
  }

  /** Called once, before anybody is given this object. */
  void bind(ActorRef<Router.Command> router, ActorRef<LinkEndpoint.Command> endpoint) {
    this.router = router;
    links.bind(endpoint, router);
  }

  /** Sends behind whatever this loop sent to that identity before. Never blocks. */
  public void send(Mail.Delivery delivery) {
    Route route = table.get(delivery.to());
    if (route == null) {
      route = seek(delivery.to());
    }
    if (!route.carry(delivery)) {
      hold(route, delivery);
    }
  }

  /**
   * {@code NAME/*}: sends to every device of the name that is online, in order with what this loop
   * sent to that name before.
   *
   * @param template the message; its receiver is a placeholder
   */
  public void sendToDevices(String name, Mail.Delivery template) {
    router.tell(new Router.FindDevices(name, template));
  }

  /** Tells one seat directly. What this loop tells one seat stays in order. */
  public void tell(Seat seat, SessionInput input) {
    lane(seat).carry(seat.session(), input);
  }

  /** Takes room on the way to that seat for {@link #share()}, to be used in this turn. */
  public boolean takeRoom(Seat seat) {
    return lane(seat).takeRoom();
  }

  /**
   * Does this on this loop's thread once there is room on the way to that seat. Whoever is invited
   * says at most {@link #share()} and asks again: so many who move at once go in turns, and none of
   * it piles up on the way.
   */
  public void whenRoom(Seat seat, Runnable invited) {
    lane(seat).whenRoom(invited);
  }

  /** How many bytes whoever waited for room says at a time. */
  public int share() {
    return with.settings().link().batchBytes();
  }

  /**
   * For a session that hands over: what still reaches it goes through this to its successor. This
   * loop sends to the old seat no more, so that what it sent is in the session's mailbox by now.
   *
   * @param epoch the epoch of the successor
   */
  public Forwarder forwarder(Identity identity, Seat from, Seat to, long epoch) {
    RouteNotice.Moved moved = new RouteNotice.Moved(identity, from, to, epoch);
    Route route = table.get(identity);
    if (route != null && route.leadsTo(from.session())) {
      route.close();
      router.tell(new Router.Noticed(moved));
    }
    links.moved().add(from.session());
    return new Forwarder(this, moved);
  }

  /**
   * Does this, on this loop's thread, when all that the sender has sent from this loop is in its
   * receivers' mailboxes, or is lost. There is no deadline: whoever asks has its own.
   */
  public void settle(Identity sender, Runnable settled) {
    router.tell(new Router.Settle(sender, settled));
  }

  /** Whether anything that the sender has sent from this loop may still be on its way. */
  public boolean mayCarryMailOf(Identity sender) {
    if (holdsMailOf(sender)) {
      return true;
    }
    for (Link link : links.all()) {
      if (link.traces().isFresh(sender) || link.traces().isSwept(sender)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a route or a search holds a message of that sender. */
  boolean holdsMailOf(Identity sender) {
    return heldBySender.containsKey(sender);
  }

  private Lane lane(Seat seat) {
    boolean here = seat.loop() == loop && seat.session().path().address().hasLocalScope();
    return here ? Lane.HERE : links.to(LoopKey.of(seat));
  }

  /** Tells the routing of a loop. */
  void tellLoop(LoopKey to, RouteNotice notice) {
    if (to.loop() == loop && to.node().hasLocalScope()) {
      router.tell(new Router.Noticed(notice));
    } else {
      links.to(to).carry(null, notice);
    }
  }

  ActorRef<Router.Command> router() {
    return router;
  }

  Links links() {
    return links;
  }

  Route seek(Identity identity) {
    return seek(new Route(identity, new HeldMail()));
  }

  private Route seek(Route route) {
    table.put(route.identity, route);
    with.ledger().opened(Resource.ROUTE);
    router.tell(new Router.Seek(route));
    return route;
  }

  private void hold(Route route, Mail.Delivery delivery) {
    hold(route.held, delivery);
  }

  /** Lets a new message wait; if there is no room, that is its end. */
  void hold(HeldMail held, Mail.Delivery delivery) {
    if (takeRoom(held, delivery)) {
      held.add(delivery, with.nanos().getAsLong());
    }
  }

  /** What an ended session had not taken waits before all that is new. */
  void holdReturned(HeldMail held, Mail.Delivery delivery) {
    if (takeRoom(held, delivery)) {
      held.addReturned(delivery, with.nanos().getAsLong());
    }
  }

  /** Takes out everything that waits, in order, and gives its room back. */
  void take(HeldMail held, Consumer<Mail.Delivery> alive, Consumer<Mail.Delivery> expired) {
    heldBytes -= held.bytes();
    held.drain(with.nanos().getAsLong(), letGo(alive), letGo(expired));
  }

  private Consumer<Mail.Delivery> letGo(Consumer<Mail.Delivery> taker) {
    return delivery -> {
      heldBySender.computeIfPresent(
          delivery.from(), (sender, count) -> count == 1 ? null : count - 1);
      taker.accept(delivery);
    };
  }

  private boolean takeRoom(HeldMail held, Mail.Delivery delivery) {
    if (hasRoom(held, delivery.weight())) {
      heldBytes += delivery.weight();
      heldBySender.merge(delivery.from(), 1, Integer::sum);
      return true;
    }
    held.lose();
    outcomes.refuse(delivery, Drop.ROUTE_FULL, Refusal.DROPPED);
    return false;
  }

  /** A single message has room however large it is: its size was judged where it entered. */
  private boolean hasRoom(HeldMail held, int weight) {
    RoutingSettings limits = with.settings();
    return held.size() < limits.maxHeldMessages()
        && (held.isEmpty() || held.bytes() + weight <= limits.maxHeldBytes())
        && (heldBytes == 0 || heldBytes + weight <= limits.maxHeldBytesPerLoop());
  }

  /** Sends what waited, and opens the route. */
  void release(Route route) {
    long lost = route.held.lost();
    long lostFirst = route.held.takeLostFirst();
    route.open(lane(route.seat()));
    if (lostFirst > 0) {
      tell(route.seat(), new Mail.Lost(lostFirst, Links.LOST));
    }
    take(route.held, route::carry, this::expire);
    if (lost > 0) {
      tell(route.seat(), new Mail.Lost(lost, "route full"));
    }
  }

  /** Nothing of the route holds any more but what waits for it, which is asked for again. */
  void startAnew(Route route) {
    table.remove(route.identity, route);
    with.ledger().closed(Resource.ROUTE);
    if (!route.held.isIdle()) {
      seek(new Route(route.identity, route.held));
    }
  }

  /** While there are too many routes, names some that nobody has used lately. */
  void makeRoom(Consumer<Route> unused) {
    for (int i = 0; i < SECOND_CHANCES && table.size() > with.settings().maxRoutes(); i++) {
      Route eldest = table.firstEntry().getValue();
      if (eldest.isOpen() && !eldest.touched) {
        unused.accept(eldest);
      } else {
        eldest.touched = false;
        table.putLast(eldest.identity, eldest);
      }
    }
  }

  /** Forgets the route; what waited is refused. */
  void forget(Route route, Drop reason, Refusal refusal) {
    table.remove(route.identity, route);
    with.ledger().closed(Resource.ROUTE);
    take(route.held, delivery -> outcomes.refuse(delivery, reason, refusal), this::expire);
  }

  void expire(Mail.Delivery delivery) {
    outcomes.refuse(delivery, Drop.EXPIRED, Refusal.EXPIRED);
  }
}
