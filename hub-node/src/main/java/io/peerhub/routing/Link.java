package io.peerhub.routing;

import io.peerhub.delivery.LinkWindow;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.room.Room;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.io.NotSerializableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way to another loop, of this node or another. What a turn gives it leaves at the turn's end
 * in numbered batches, as objects within the node, as bytes between nodes; what is not acknowledged
 * is kept, and sent again where the other end misses it. Without credit it waits, bounded.
 *
 * <p>It guarantees order for each target, and that whatever it was given arrives, or is counted. It
 * does not know what it carries, but that only messages may be dropped.
 */
final class Link implements Lane {
  /** So many times the silence after which a batch is sent again. */
  private static final int STALLED = 2;

  /** Past so many times the backlog, all of it that may not be dropped, the link is given up. */
  private static final int BACKLOG_END = 4;

  final LoopKey to;
  private final Links links;
  private final LinkSettings limits;
  private final boolean within;
  private final Backlog backlog = new Backlog("link");
  private final Traces traces = new Traces();
  private final List<LinkItem> turn = new ArrayList<>();
  private long claimed;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
  private long id;
  private LinkWindow<Sent> window;
  private boolean closed;
  private List<LinkItem> packed = new ArrayList<>();
  private long packedBytes;
  private ActorRef<LinkEndpoint.Command> other;
  private boolean started;
  private long progressAt;
  private long waitingSince;
  private long probe;
  private long charged;

  Link(Links links, LoopKey to, long id) {
    this.links = links;
    this.to = to;
    this.id = id;
    this.limits = links.with.settings().link();
    this.within = to.node().hasLocalScope();
    begin(id);
  }

  private void begin(long id) {
    this.id = id;
    this.window = new LinkWindow<>(limits.creditBytes());
    this.other = links.endpointOf(to);
    this.started = false;
    this.probe = 0;
  }

  @Override
  public void carry(ActorRef<SessionInput> target, SessionInput input) {
    if (turn.isEmpty()) {
      links.touch(this);
    }
    turn.add(new LinkItem(target, input));
    if (input instanceof Mail.Delivery delivery) {
      traces.add(delivery.from());
    } else if (input instanceof Mail.Forwarded forwarded) {
      traces.add(forwarded.delivery().from());
    } else if (input instanceof Room.Publish publish) {
      traces.add(publish.message().from());
    }
  }

  @Override
  public boolean takeRoom() {
    if (!closed && room() <= 0) {
      return false;
    }
    claimed += limits.batchBytes();
    return true;
  }

  /** What a share more may wait here. */
  private long room() {
    return limits.backlogBytes() / 2 - backlog.bytes() - claimed;
  }

  @Override
  public void whenRoom(Runnable invited) {
    waiting.add(invited);
    links.touch(this);
    links.wake();
  }

  /** Those who wait for room have it, or find out that this link is no more. */
  private void invite() {
    while (!waiting.isEmpty() && takeRoom()) {
      waiting.poll().run();
    }
  }

  /** Whose messages this link may carry. */
  Traces traces() {
    return traces;
  }

  /** The end of the turn. */
  void flush() {
    if (closed) {
      turn.forEach(links::late);
      turn.clear();
      invite();
      return;
    }
    int taken = 0;
    try {
      for (; taken < turn.size(); taken++) {
        take(turn.get(taken));
      }
    } catch (Throwable thrown) {
      // The link ends by it and gives back what is left; this one would only end the next one too.
      LinkItem cause = turn.get(taken);
      turn.subList(0, taken + 1).clear();
      links.dropped(cause);
      throw thrown;
    }
    turn.clear();
    claimed = 0;
    send();
    bound();
    invite();
  }

  private void take(LinkItem item) {
    if (backlog.isEmpty() && window.hasCredit()) {
      pack(item);
    } else if (item.input() instanceof RouteNotice.Barrier) {
      backlog.addBehindAll(item);
    } else {
      backlog.add(item);
    }
  }

  /** The other end has taken everything up to a number. */
  void acknowledged(ActorRef<LinkEndpoint.Command> by, long upTo) {
    if (!started) {
      started = true;
      other = by;
    }
    if (!by.equals(other) || !window.acknowledge(upTo, sent -> {})) {
      return;
    }
    progressAt = links.now();
    waitingSince = progressAt;
    if (upTo == probe) {
      resend(upTo + 1, Integer.MAX_VALUE);
    }
    probe = 0;
    carryOn();
  }

  /** The other end misses a batch: that one and all behind it are sent again. */
  void missing(long number) {
    resend(number, Integer.MAX_VALUE);
  }

  /**
   * Sends the first batch again if nothing was acknowledged for long.
   *
   * @return whether there is still hope
   */
  boolean tick(long now) {
    claimed = 0; // By now whoever was invited has said its share, or has ended.
    invite();
    if (window.isEmpty()) {
      return true;
    }
    if (!started && now - waitingSince >= limits.giveUpAfter().toNanos()) {
      return false;
    }
    if (now - progressAt >= limits.resendAfter().toNanos()) {
      progressAt = now;
      probe = window.acknowledged() + 1;
      if (isStalled(now)) {
        links.stalled(to, receivers());
      }
      if (!started) {
        other = links.endpointOf(to);
      }
      resend(probe, 1);
    }
    return true;
  }

  boolean isIdle() {
    return window.isEmpty() && waiting.isEmpty();
  }

  long id() {
    return id;
  }

  boolean isAt(ActorRef<?> endpoint) {
    return started && other.equals(endpoint);
  }

  /**
   * The other end knows nothing of this link: it goes on under a new number, behind what is told
   * about the batches that were on their way.
   *
   * @param uncertain takes what was sent and may or may not have arrived
   */
  void restart(long newId, Consumer<LinkItem> uncertain) {
    LinkWindow<Sent> old = window;
    begin(newId);
    old.abandon(sent -> sent.items().forEach(uncertain));
    carryOn();
  }

  /** Whether so long nothing has been acknowledged that the other end may be dead. */
  boolean isStalled(long now) {
    return !window.isEmpty() && now - waitingSince >= STALLED * limits.resendAfter().toNanos();
  }

  /** For whom messages are here, unacknowledged or unsent. */
  private Set<Identity> receivers() {
    Receivers receivers = new Receivers();
    window.forEach(sent -> sent.items().forEach(item -> receivers.note(item.input())));
    backlog.forEach(receivers::note);
    return receivers.identities();
  }

  /**
   * Takes out the messages for one target, which is not to be reached by this way any more. What
   * was sent may arrive all the same.
   */
  void withdraw(
      ActorRef<SessionInput> target, Consumer<LinkItem> uncertain, Consumer<LinkItem> unsent) {
    window.forEach(sent -> sent.withdraw(target, uncertain));
    backlog.withdraw(target, unsent);
    LinkItem.withdraw(turn, target, unsent);
    charge();
  }

  /** A message that was on its way may not have arrived: its receiver is told first of all. */
  void lose(ActorRef<SessionInput> target) {
    backlog.lose(target, 1);
  }

  /** Nobody is at the other end: what may have arrived is taken out, then what was never sent. */
  void close(Consumer<LinkItem> uncertain, Consumer<LinkItem> unsent) {
    closed = true;
    window.abandon(sent -> sent.items().forEach(uncertain));
    if (!packed.isEmpty() && !within) {
      links.codec.clear(); // All links write with it: the next one's batch would begin with this.
    }
    packed.forEach(unsent);
    packed = new ArrayList<>();
    for (LinkItem item = backlog.poll(); item != null; item = backlog.poll()) {
      unsent.accept(item);
    }
    turn.forEach(unsent);
    turn.clear();
    charge();
    invite();
  }

  private void carryOn() {
    while (!backlog.isEmpty() && window.hasCredit()) {
      pack(backlog.poll());
    }
    send();
    charge();
    invite();
  }

  private void pack(LinkItem item) {
    if (!within && !encode(item)) {
      return;
    }
    if (within) {
      packedBytes += item.input().weight();
    }
    packed.add(item);
    if (packedBytes >= limits.batchBytes()) {
      send();
    }
  }

  private boolean encode(LinkItem item) {
    String why = "too large for a link";
    if (item.input().weight() <= limits.itemBytesMax()) {
      try {
        packedBytes = links.codec.write(item);
        return true;
      } catch (NotSerializableException e) {
        links.cannotCross(item, e);
        why = "cannot cross to another node";
      }
    }
    if (Mail.message(item.input()) instanceof Mail.Delivery delivery) {
      links.outcomes.refuse(delivery, Drop.LINK, Refusal.DROPPED);
      pack(new LinkItem(item.target(), new Mail.Lost(1, why)));
    } else {
      links.dropped(item);
    }
    return false;
  }

  private void send() {
    if (packed.isEmpty()) {
      return;
    }
    if (window.isEmpty()) {
      progressAt = links.now();
      waitingSince = progressAt;
      links.wake();
    }
    if (within) {
      send(new Sent(packed, null, false), packedBytes);
    } else {
      sendBytes(links.codec.finish());
    }
    packed = new ArrayList<>();
    packedBytes = 0;
  }

  private void sendBytes(byte[] bytes) {
    int piece = limits.batchBytes();
    int at = 0;
    for (; bytes.length - at > piece; at += piece) {
      send(new Sent(List.of(), Arrays.copyOfRange(bytes, at, at + piece), true), piece);
    }
    byte[] last = at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
    send(new Sent(packed, last, false), last.length);
  }

  private void send(Sent sent, long bytes) {
    transmit(window.add(sent, bytes), sent);
  }

  private void resend(long from, int max) {
    int count = window.resend(from, max, this::transmit);
    links.with.meters().add(Meter.LINK_RESENT, count);
  }

  private void transmit(long number, Sent sent) {
    links.with.meters().count(Meter.LINK_BATCHES);
    LinkEndpoint.Stamp stamp = new LinkEndpoint.Stamp(links.self(), id, number, started);
    other.tell(
        within
            ? new LinkEndpoint.Parcel(stamp, sent.items())
            : new LinkEndpoint.Packet(stamp, sent.more(), sent.bytes()));
  }

  private void bound() {
    if (backlog.bytes() > limits.backlogBytes()) {
      backlog.shed(limits.backlogBytes() / 8 * 7, dropped -> refuse(dropped, Drop.LINK));
    }
    charge();
    if (backlog.bytes() > limits.backlogBytes() * BACKLOG_END) {
      links.giveUp(this);
    }
  }

  /** Keeps what the node's budget is charged true; past the budget, what waits here gives way. */
  private void charge() {
    long more = backlog.bytes() + window.inFlight() - charged;
    if (more <= 0) {
      links.with.crossings().release(-more);
      charged += more;
    } else if (links.with.crossings().take(more)) {
      charged += more;
    } else {
      backlog.shed(Math.max(0, backlog.bytes() - more), dropped -> refuse(dropped, Drop.BUDGET));
      long rest = backlog.bytes() + window.inFlight() - charged;
      if (rest <= 0 || links.with.crossings().take(rest)) {
        charged += Math.max(0, rest);
      }
    }
  }

  private void refuse(Mail.Delivery dropped, Drop reason) {
    links.outcomes.refuse(dropped, reason, Refusal.DROPPED);
  }
}
