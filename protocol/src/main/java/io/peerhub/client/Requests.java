package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Who waits for which answer. Ids begin with a mark of requests and something nobody can guess, so
 * that an answer is known as one even after its request was given up, and a stranger cannot answer.
 *
 * <p>Pure: no lock, no thread. Times are nanoseconds of one monotonic clock.
 */
final class Requests {
  /** What all ids of requests begin with, whatever client made them. */
  static final String PREFIX = "rq~";

  /**
   * One that waits.
   *
   * @param to whom it was sent to
   * @param ask the question to repeat on a new connection; null for a request
   */
  record Pending(
      String id,
      String to,
      long deadline,
      long order,
      CompletableFuture<Frame.FromHub> future,
      Frame.Ask ask) {}

  private record Due(long deadline, long order) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.signum(deadline - other.deadline); // a difference, since clocks wrap
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final String prefix;
  private final int most;
  private final Map<String, Pending> byId = new HashMap<>();
  private final TreeMap<Due, Pending> byDeadline = new TreeMap<>();
  private long orders;

  /**
   * @param secret what nobody can guess
   * @param most how many may wait
   */
  Requests(String secret, int most) {
    this.prefix = PREFIX + secret + "-";
    this.most = most;
  }

  boolean hasRoom() {
    return byId.size() < most;
  }

  /** Adds one that waits for the answer to a message. */
  Pending add(String to, long deadline) {
    return add(to, deadline, prefix + ++orders, null);
  }

  /** Adds one that waits for a presence. */
  Pending addAsk(String peer, String room, long deadline) {
    String id = prefix + ++orders;
    return add(peer, deadline, id, new Frame.Ask(peer, room, id));
  }

  private Pending add(String to, long deadline, String id, Frame.Ask ask) {
    Pending pending = new Pending(id, to, deadline, orders, new CompletableFuture<>(), ask);
    byId.put(id, pending);
    byDeadline.put(new Due(deadline, pending.order()), pending);
    return pending;
  }

  /**
   * The request that a message answers, which is then over; empty if it answers none that waits.
   */
  Optional<Pending> answeredBy(Frame.Message message) {
    Pending pending = byId.get(message.re());
    if (pending == null || pending.ask() != null) {
      return Optional.empty();
    }
    // A service or a room is answered by whichever of them; an identity only by itself.
    if (Identity.isValid(pending.to()) && !pending.to().equals(message.from())) {
      return Optional.empty();
    }
    return remove(pending.id());
  }

  /** Takes one out: it is answered, refused or given up. */
  Optional<Pending> remove(String id) {
    Pending pending = byId.remove(id);
    if (pending != null) {
      byDeadline.remove(new Due(pending.deadline(), pending.order()));
    }
    return Optional.ofNullable(pending);
  }

  /** Takes out all whose time is over. */
  List<Pending> expired(long now) {
    List<Pending> expired = new ArrayList<>();
    while (!byDeadline.isEmpty() && byDeadline.firstKey().deadline() - now <= 0) {
      Pending pending = byDeadline.pollFirstEntry().getValue();
      byId.remove(pending.id());
      expired.add(pending);
    }
    return expired;
  }

  /** The next deadline; empty if nobody waits. */
  Optional<Long> due() {
    return byDeadline.isEmpty() ? Optional.empty() : Optional.of(byDeadline.firstKey().deadline());
  }

  Collection<Pending> all() {
    return List.copyOf(byDeadline.values());
  }
}
