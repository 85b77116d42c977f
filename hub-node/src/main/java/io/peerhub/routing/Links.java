package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.room.Room;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of one loop to all others, and the end of each of its turns, at which they are flushed
 * and the links from others are acknowledged. A plain object on the loop's thread, shared by {@link
 * Routes} and {@link LinkEndpoint}.
 */
final class Links {
  /** Why a receiver misses what was on its way to it on a link. */
  static final String LOST = "lost between nodes";

  private static final Logger LOG = LoggerFactory.getLogger(Links.class);

  final RoutingParts with;
  final Outcomes outcomes;
  final LinkCodec codec;
  private final LinkArrivals arrivals;
  private final Executor loop;
  private final ActorRefResolver resolver;
  private final Map<LoopKey, Link> links = new HashMap<>();
  private final Set<ActorRef<SessionInput>> moved = new HashSet<>();
  private List<Link> touched = new ArrayList<>();
  private ActorRef<LinkEndpoint.Command> self;
  private ActorRef<Router.Command> router;
  private boolean flushIsDue;
  private long lastId;

  Links(RoutingParts with, Outcomes outcomes, Executor loop, ActorRefResolver resolver) {
    this.with = with;
    this.outcomes = outcomes;
    this.codec = with.codecs().get();
    this.loop = loop;
    this.resolver = resolver;
    this.arrivals = new LinkArrivals(this);
  }

  /** Called once, before anybody is given this object. */
  void bind(ActorRef<LinkEndpoint.Command> self, ActorRef<Router.Command> router) {
    this.self = self;
    this.router = router;
  }

  Link to(LoopKey loop) {
    Link link = links.get(loop);
    return link == null ? open(loop) : link;
  }

  private Link open(LoopKey loop) {
    Link link = new Link(this, loop, ++lastId);
    links.put(loop, link);
    with.ledger().opened(Resource.LINK);
    return link;
  }

  Collection<Link> all() {
    return links.values();
  }

  /** The sessions of this loop that have moved and forward. */
  Set<ActorRef<SessionInput>> moved() {
    return moved;
  }

  LinkArrivals arrivals() {
    return arrivals;
  }

  ActorRef<LinkEndpoint.Command> self() {
    return self;
  }

  ActorRef<Router.Command> router() {
    return router;
  }

  long now() {
    return with.nanos().getAsLong();
  }

  /** The endpoint of another loop, by its path: every loop has one of that name. */
  ActorRef<LinkEndpoint.Command> endpointOf(LoopKey loop) {
    return resolver.resolveActorRef(loop.node() + "/user/" + LinkEndpoint.name(loop.loop()));
  }

  /** The link has something to send at the end of the turn. */
  void touch(Link link) {
    touched.add(link);
    flushLater();
  }

  void flushLater() {
    if (!flushIsDue) {
      flushIsDue = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushIsDue = false;
    List<Link> due = touched;
    touched = new ArrayList<>();
    due.forEach(this::flush);
    arrivals.acknowledge();
  }

  private void flush(Link link) {
    try {
      link.flush();
    } catch (Throwable thrown) {
      failed(link, thrown);
    }
  }

  /** What is thrown for one link, an {@link Error} too, ends that one: the others have a turn. */
  private void failed(Link link, Throwable thrown) {
    try {
      LOG.error("A link to {} ended by an exception", link.to, thrown);
      giveUp(link);
    } catch (Throwable another) {
      LOG.error("A link to {} could not be given up", link.to, another);
    }
  }

  /** Something is unacknowledged: deadlines are looked at from now on. */
  void wake() {
    self.tell(new LinkEndpoint.Wake());
  }

  /** Nothing has been acknowledged for long by a loop that these receivers sat on. */
  void stalled(LoopKey loop, Set<Identity> receivers) {
    router.tell(new Router.Stalled(loop, receivers));
  }

  /** The link to a loop if it stands still; null if not. */
  Link stalled(LoopKey loop) {
    Link link = links.get(loop);
    return link != null && link.isStalled(now()) ? link : null;
  }

  void acknowledged(LinkEndpoint.Ack ack) {
    Link link = byId(ack.link());
    if (link != null) {
      link.acknowledged(ack.by(), ack.upTo());
    }
  }

  void missing(LinkEndpoint.Missing missing) {
    Link link = byId(missing.link());
    if (link != null) {
      link.missing(missing.number());
    }
  }

  /** The other end does not know the link any more, or could not read it: it begins anew. */
  void reset(LinkEndpoint.Reset reset) {
    Link old = byId(reset.link());
    if (old == null) {
      return;
    }
    List<LinkItem> again = new ArrayList<>();
    old.restart(
        ++lastId,
        item -> {
          if (isAnswer(item)) {
            again.add(item);
            return;
          }
          lose(item, null);
          if (Mail.message(item.input()) != null) {
            old.lose(item.target());
          }
          endFence(item);
        });
    again.forEach(answer -> old.carry(answer.target(), answer.input()));
  }

  /** The node of that endpoint is gone. */
  void ended(ActorRef<?> endpoint) {
    for (Link link : List.copyOf(links.values())) {
      if (link.isAt(endpoint)) {
        giveUp(link);
      }
    }
    arrivals.ended(endpoint);
  }

  /** Looks at the deadlines; whether there are still any. */
  boolean tick() {
    long now = now();
    boolean waiting = false;
    for (Link link : List.copyOf(links.values())) {
      try {
        if (!link.tick(now)) {
          giveUp(link);
        }
      } catch (Throwable thrown) {
        failed(link, thrown); // Or nobody would look at the deadlines of the others any more.
      }
      waiting |= !link.isIdle();
    }
    return waiting;
  }

  /** Nobody is at the other end: what was never sent goes again to wherever its receiver is. */
  void giveUp(Link link) {
    remove(link);
    List<RouteNotice.Returned> returned = new ArrayList<>();
    Map<Identity, Integer> lost = new HashMap<>();
    // Fences there end with the loop.
    link.close(
        item -> {
          lose(item, link.to);
          if (Mail.message(item.input()) instanceof Mail.Delivery delivery) {
            lost.merge(delivery.to(), 1, Integer::sum);
          }
        },
        item -> giveBack(item, link.to, returned));
    router.tell(new Router.LoopGone(link.to, lost, returned));
    with.meters().count(Meter.LINKS_FAILED);
    LOG.warn("Gave up a link to loop {} of {}", link.to.loop(), link.to.node());
  }

  /** It was sent on a link that has been given up, by who had yet to hear of that. */
  void late(LinkItem item) {
    List<RouteNotice.Returned> returned = new ArrayList<>();
    giveBack(item, null, returned);
    endFence(item);
    returned.forEach(notice -> router.tell(new Router.Noticed(notice)));
  }

  /** There is no form for it between nodes: a fault of this program. */
  void cannotCross(LinkItem item, Exception cause) {
    LOG.error("A {} cannot cross to another node", item.input().getClass().getName(), cause);
  }

  /** It found no way into a batch: what it stands for is told, and nobody waits for it. */
  void dropped(LinkItem item) {
    lose(item, null);
    endFence(item);
  }

  /** Said twice it is taken once; and whoever waits for it has nobody else to hear it from. */
  private static boolean isAnswer(LinkItem item) {
    return item.input() instanceof Mail.Confirmed || item.input() instanceof Mail.Refused;
  }

  /**
   * It may have arrived or not: counted as lost, and its sender is told that nobody knows.
   *
   * @param gone where nobody can be told any more; null if there is no such place
   */
  private void lose(LinkItem item, LoopKey gone) {
    switch (item.input()) {
      case Mail.Delivery delivery -> lose(delivery, gone);
      case Mail.Envelope envelope -> lose(envelope.enclosed(), gone);
      case RouteNotice.Returned returned -> lose(returned.delivery(), gone);
      case Room.Publish publish -> lose(publish.message(), gone);
      case SessionInput other -> with.meters().count(Meter.LINK_ITEMS_LOST);
    }
  }

  private void lose(Mail.Delivery delivery, LoopKey gone) {
    Seat sender = delivery.sender();
    if (gone != null && sender != null && LoopKey.of(sender).goesWith(gone)) {
      with.meters().dropped(Drop.LINK, 1);
    } else {
      outcomes.refuse(delivery, Drop.LINK, Refusal.OUTCOME_UNKNOWN);
    }
  }

  private void giveBack(LinkItem item, LoopKey gone, List<RouteNotice.Returned> returned) {
    Mail.Delivery message = Mail.message(item.input());
    if (message != null) {
      returned.add(new RouteNotice.Returned(message, item.target()));
    } else {
      lose(item, gone);
    }
  }

  /** Where nothing can be on the way any more, fences and barriers have nothing to wait for. */
  private void endFence(LinkItem item) {
    if (item.input() instanceof Mail.Fence fence) {
      router.tell(new Router.Noticed(new RouteNotice.Drained(fence.token())));
    } else if (item.input() instanceof RouteNotice.Barrier barrier) {
      barrier.pass();
    }
  }

  private void remove(Link link) {
    links.remove(link.to, link);
    with.ledger().closed(Resource.LINK);
  }

  private Link byId(long id) {
    for (Link link : links.values()) {
      if (link.id() == id) {
        return link;
      }
    }
    return null;
  }
}
