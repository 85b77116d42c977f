package io.peerhub.routing;

import io.peerhub.delivery.LinkWindowMark;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.telemetry.Meters.Meter;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving ends of the links to one loop: takes each batch once and in order, gives its items
 * to whom they are for, and acknowledges at the end of the turn.
 */
final class LinkArrivals {
  private static final Logger LOG = LoggerFactory.getLogger(LinkArrivals.class);

  /** One link from another loop. */
  private static final class Arrival {
    final ActorRef<LinkEndpoint.Command> from;
    final long link;
    final LinkWindowMark mark = new LinkWindowMark();
    final ByteArrayOutputStream pieces = new ByteArrayOutputStream(0);

    /** Sessions that had moved when mail for them came; since the last barrier. */
    final Set<ActorRef<SessionInput>> forwarded = new HashSet<>(0);

    boolean acknowledgeIsDue;

    Arrival(ActorRef<LinkEndpoint.Command> from, long link) {
      this.from = from;
      this.link = link;
    }
  }

  private final Links links;
  private final Map<ActorRef<LinkEndpoint.Command>, Arrival> arrivals = new HashMap<>();
  private final List<Arrival> due = new ArrayList<>();

  LinkArrivals(Links links) {
    this.links = links;
  }

  /** Whether nothing has come from there before: its end has to be watched. */
  boolean isNew(ActorRef<LinkEndpoint.Command> from) {
    return !arrivals.containsKey(from);
  }

  void parcel(LinkEndpoint.Parcel parcel) {
    Arrival arrival = judge(parcel.stamp());
    if (arrival != null) {
      parcel.items().forEach(item -> deliverOrLose(arrival, item));
    }
  }

  void packet(LinkEndpoint.Packet packet) {
    Arrival arrival = judge(packet.stamp());
    if (arrival == null) {
      return;
    }
    byte[] bytes = packet.bytes();
    if (packet.more() || arrival.pieces.size() > 0) {
      arrival.pieces.writeBytes(bytes);
      if (tooLarge(arrival)) {
        refuse(arrival, "a batch larger than any item may be");
        return;
      }
      if (packet.more()) {
        return;
      }
      bytes = arrival.pieces.toByteArray();
      arrival.pieces.reset();
    }
    read(arrival, bytes);
  }

  private boolean tooLarge(Arrival arrival) {
    LinkSettings limits = links.with.settings().link();
    return arrival.pieces.size() > 2L * limits.itemBytesMax() + limits.batchBytes();
  }

  private void read(Arrival arrival, byte[] bytes) {
    try {
      links.codec.read(bytes).forEach(item -> deliverOrLose(arrival, item));
    } catch (NotSerializableException e) {
      refuse(arrival, e.getMessage());
    }
  }

  /** The sender counts what was on its way, and begins anew. */
  private void refuse(Arrival arrival, String why) {
    LOG.error("A batch from {} cannot be read: {}", arrival.from, why);
    arrivals.remove(arrival.from);
    arrival.from.tell(new LinkEndpoint.Reset(arrival.link));
  }

  /** Whose turn it is, if the batch is to be taken; else null. */
  private Arrival judge(LinkEndpoint.Stamp stamp) {
    Arrival arrival = arrivals.get(stamp.from());
    if (arrival == null || arrival.link < stamp.link()) {
      if (stamp.started()) {
        stamp.from().tell(new LinkEndpoint.Reset(stamp.link()));
        return null;
      }
      arrival = new Arrival(stamp.from(), stamp.link());
      arrivals.put(stamp.from(), arrival);
    }
    if (arrival.link > stamp.link()) {
      return null;
    }
    return switch (arrival.mark.judge(stamp.number())) {
      case TAKE -> {
        acknowledgeLater(arrival);
        yield arrival;
      }
      case REPEATED -> {
        acknowledgeLater(arrival);
        yield null;
      }
      case HOLE -> {
        stamp.from().tell(new LinkEndpoint.Missing(stamp.link(), arrival.mark.taken() + 1));
        yield null;
      }
      case KNOWN_HOLE -> null;
    };
  }

  /** The batch counts as taken: what one item throws must not cost those behind it. */
  private void deliverOrLose(Arrival arrival, LinkItem item) {
    try {
      deliver(arrival, item);
    } catch (Throwable thrown) {
      links.with.meters().count(Meter.LINK_ITEMS_LOST);
      LOG.error("A {} could not be delivered", item.input().getClass().getName(), thrown);
    }
  }

  private void deliver(Arrival arrival, LinkItem item) {
    if (item.target() != null) {
      boolean isMessage =
          item.input() instanceof Mail.Delivery || item.input() instanceof Mail.Forwarded;
      if (isMessage && links.moved().contains(item.target())) {
        arrival.forwarded.add(item.target());
      }
      item.target().tell(item.input());
    } else if (item.input() instanceof RouteNotice.Barrier barrier) {
      pass(arrival, barrier);
    } else if (item.input() instanceof RouteNotice notice) {
      links.router().tell(new Router.Noticed(notice));
    }
  }

  /** What was before it is in mailboxes now; what these forward it has to follow. */
  private void pass(Arrival arrival, RouteNotice.Barrier barrier) {
    if (arrival.forwarded.isEmpty()) {
      barrier.pass();
      return;
    }
    links.router().tell(new Router.Follow(barrier, List.copyOf(arrival.forwarded)));
    arrival.forwarded.clear();
  }

  private void acknowledgeLater(Arrival arrival) {
    if (!arrival.acknowledgeIsDue) {
      arrival.acknowledgeIsDue = true;
      due.add(arrival);
      links.flushLater();
    }
  }

  /** The end of the turn. */
  void acknowledge() {
    try {
      due.forEach(this::acknowledge);
    } finally {
      due.clear();
    }
  }

  /** One that cannot be told is sent what it did not hear of again, and asks anew by that. */
  private void acknowledge(Arrival arrival) {
    arrival.acknowledgeIsDue = false;
    try {
      arrival.from.tell(new LinkEndpoint.Ack(arrival.link, links.self(), arrival.mark.taken()));
    } catch (Throwable thrown) {
      LOG.error("Batches from {} could not be acknowledged", arrival.from, thrown);
    }
  }

  /** Nothing will come from there any more. */
  void ended(ActorRef<?> from) {
    arrivals.keySet().removeIf(known -> known.equals(from));
  }
}
