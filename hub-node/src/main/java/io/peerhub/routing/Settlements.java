package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Finds out when all that a sender has sent from this loop is in the mailboxes of its receivers, so
 * that what it sends from elsewhere cannot overtake it. First the routes and searches that hold
 * mail of it have to let that go; then a barrier goes down each link that may carry some, behind
 * everything, and is answered at the other end.
 *
 * <p>A link has one barrier on its way at most, which all senders share who wait for what is in
 * front of it; so a thousand that move at once cost a barrier a round trip, not a thousand.
 */
final class Settlements {
  /** A sender that moves, and who is told once it is settled. */
  private static final class Settlement {
    final Router.Settle wish;
    int barriers;

    Settlement(Router.Settle wish) {
      this.wish = wish;
    }

    Identity sender() {
      return wish.sender();
    }
  }

  /** A barrier on a link; {@code next} came after it was sent, and needs another. */
  private static final class Sweep {
    final Link link;
    final long token;
    final long lostAt;
    final List<Settlement> waiting = new ArrayList<>();
    final List<Settlement> next = new ArrayList<>();

    Sweep(Link link, long token, long lostAt) {
      this.link = link;
      this.token = token;
      this.lostAt = lostAt;
    }
  }

  private final Routes routes;
  private final FenceTokens tokens;
  private final ActorRef<Mail.Fenced> passes;
  private final List<Settlement> held = new ArrayList<>();
  private final Map<LoopKey, Sweep> sweeps = new HashMap<>();

  Settlements(Routes routes, FenceTokens tokens, ActorRef<Mail.Fenced> passes) {
    this.routes = routes;
    this.tokens = tokens;
    this.passes = passes;
  }

  void settle(Router.Settle wish) {
    Settlement settlement = new Settlement(wish);
    if (routes.holdsMailOf(wish.sender())) {
      held.add(settlement);
    } else {
      cross(settlement);
    }
  }

  /** Goes on with those whose mail is held no more. Called when routes may have let mail go. */
  void proceed() {
    if (held.isEmpty()) {
      return;
    }
    List<Settlement> free = new ArrayList<>();
    for (Iterator<Settlement> all = held.iterator(); all.hasNext(); ) {
      Settlement settlement = all.next();
      if (!routes.holdsMailOf(settlement.sender())) {
        all.remove();
        free.add(settlement);
      }
    }
    free.forEach(this::cross);
  }

  private void cross(Settlement settlement) {
    for (Link link : routes.links().all()) {
      boolean fresh = link.traces().isFresh(settlement.sender());
      if (fresh || link.traces().isSwept(settlement.sender())) {
        settlement.barriers++;
        await(link, fresh, settlement);
      }
    }
    if (settlement.barriers == 0) {
      tell(settlement);
    }
  }

  private void await(Link link, boolean fresh, Settlement settlement) {
    Sweep sweep = sweeps.get(link.to);
    if (sweep != null && isLost(sweep)) {
      routes.with.meters().count(Meter.FENCES_LOST);
      pass(sweep);
      sweep = sweeps.get(link.to);
    }
    if (sweep == null) {
      send(link, List.of(settlement));
    } else if (fresh) {
      sweep.next.add(settlement);
    } else {
      sweep.waiting.add(settlement);
    }
  }

  private boolean isLost(Sweep sweep) {
    return routes.with.nanos().getAsLong() - sweep.lostAt >= 0;
  }

  private void send(Link link, List<Settlement> waiting) {
    long lostAt = routes.with.nanos().getAsLong() + routes.with.settings().fenceTimeout().toNanos();
    Sweep sweep = new Sweep(link, tokens.next(), lostAt);
    sweep.waiting.addAll(waiting);
    sweeps.put(link.to, sweep);
    link.traces().sweep();
    link.carry(null, new RouteNotice.Barrier(sweep.token, passes));
  }

  /** The other end has answered a barrier, or it has nobody to wait for any more. */
  void passed(long token) {
    for (Sweep sweep : sweeps.values()) {
      if (sweep.token == token) {
        pass(sweep);
        return;
      }
    }
  }

  /** Nobody is at that loop any more. */
  void gone(LoopKey loop) {
    Sweep sweep = sweeps.get(loop);
    if (sweep != null) {
      pass(sweep);
    }
  }

  private void pass(Sweep sweep) {
    sweeps.remove(sweep.link.to);
    sweep.link.traces().pass();
    if (!sweep.next.isEmpty()) {
      send(routes.links().to(sweep.link.to), sweep.next);
    }
    sweep.waiting.forEach(this::pass);
  }

  private void pass(Settlement settlement) {
    settlement.barriers--;
    if (settlement.barriers > 0) {
      return;
    }
    if (routes.holdsMailOf(settlement.sender())) {
      held.add(settlement); // A link that was given up has brought some back.
    } else {
      tell(settlement);
    }
  }

  private static void tell(Settlement settlement) {
    settlement.wish.settled().run();
  }
}
