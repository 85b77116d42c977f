package io.peerhub.client;

import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is to be sent, and what was sent and is not yet settled.
 *
 * <pre>
 *   add --> live, critical --next: gets its n--> untaken --taken--> settled: Sent
 *             ^  (waiting, in order)             answers --answered--> settled: Accepted, Delivered
 *             |                                     |
 *             +---- resumed: what was not taken ----+     repeats: same n, to hear the answer again
 * </pre>
 *
 * <p>Guarantees: within a session a number is used for one message; what the hub has not taken is
 * written again after a resume, in order; what it has taken is not, but for the repeat under the
 * same number, which has no effect but its answer; in a new session a live message that was written
 * is never written again, a critical one is, under its id. Each message is settled exactly once.
 *
 * <p>Pure: no clock, no lock, no thread. Times are nanoseconds of one monotonic clock.
 */
final class Outbox {
  /** How many sends back the hub remembers its answers to. */
  static final int ANSWERS_REMEMBERED = 1_024;

  /** How long after its time to live an answer about a live message may still come. */
  static final Duration ANSWER_GRACE = Duration.ofSeconds(30);

  /** The hub's time to live of a live message that names none. */
  private static final Duration HUB_LIVE_TTL = Duration.ofSeconds(30);

  /**
   * The end of a send: either an outcome or a failure.
   *
   * @param dropped whether the client itself let go of it
   */
  record Settlement(Entry entry, Outcome outcome, RuntimeException failure, boolean dropped) {}

  private final ClientSettings.Limits limits;
  private final Consumer<Settlement> settlements;
  private final ArrayDeque<Entry> live = new ArrayDeque<>();
  private final ArrayDeque<Entry> critical = new ArrayDeque<>();
  private final ArrayDeque<Entry> repeats = new ArrayDeque<>();
  private final ArrayDeque<Entry> untaken = new ArrayDeque<>();
  private final Map<Long, Entry> answers = new LinkedHashMap<>();
  private long orders;
  private long lastN;
  private long bytes;

  Outbox(ClientSettings.Limits limits, Consumer<Settlement> settlements) {
    this.limits = limits;
    this.settlements = settlements;
  }

  /** Whether one more may be added without anything being dropped or refused. */
  boolean hasRoom() {
    return bytes < limits.bytesMax() && waiting() < limits.liveMax();
  }

  /** Adds a message; the caller has seen to it that there is room. */
  Entry add(Outgoing message, long now) {
    Entry entry = new Entry(message, ++orders, now);
    bytes += entry.size;
    (message.isLive() ? live : critical).add(entry);
    return entry;
  }

  /** Adds a message while nothing can be written: the oldest live ones make room for it. */
  Entry addWhileAway(Outgoing message, long now) {
    if (message.isLive()) {
      dropOldestFor(message.size());
    }
    boolean fits = critical.size() < limits.criticalMax() || message.isLive();
    boolean isRoom = bytes + message.size() <= limits.bytesMax() || bytes == 0;
    Entry entry = add(message, now);
    if (!fits || !isRoom) {
      (message.isLive() ? live : critical).removeLast();
      fail(entry, new RefusedException(Refusal.TOO_MANY, "too much is waiting"), true);
    }
    return entry;
  }

  private void dropOldestFor(int size) {
    while (!live.isEmpty()
        && (live.size() >= limits.liveMax() || bytes + size > limits.bytesMax())) {
      fail(live.poll(), new RefusedException(Refusal.DROPPED, "dropped for a newer one"), true);
    }
  }

  /**
   * The next frame to write, or null if there is none or too much is unanswered.
   *
   * @param maxFrame the largest that the hub takes: one byte more would cost the connection, again
   *     and again
   */
  Frame.Send next(long now, int maxFrame) {
    for (Entry repeat = repeats.poll(); repeat != null; repeat = repeats.poll()) {
      if (!repeat.settled) {
        return repeat.toFrame(repeat.n, now);
      }
    }
    while (Math.max(untaken.size(), answers.size()) < limits.unansweredMax()) {
      Entry entry = pollOldest();
      if (entry == null) {
        return null;
      }
      if (isExpired(entry, now)) {
        fail(entry, expired(), true);
        continue;
      }
      Frame.Send send = entry.toFrame(lastN + 1, now);
      if (!FrameSize.fits(send, maxFrame)) {
        String reason = "larger than the hub takes: " + maxFrame + " bytes";
        fail(entry, new RefusedException(Refusal.FRAME_TOO_LARGE, reason), true);
        continue;
      }
      written(entry, now);
      return send;
    }
    return null;
  }

  private Entry pollOldest() {
    if (live.isEmpty()) {
      return critical.poll();
    }
    if (critical.isEmpty()) {
      return live.poll();
    }
    return live.peek().order < critical.peek().order ? live.poll() : critical.poll();
  }

  private void written(Entry entry, long now) {
    entry.n = ++lastN;
    entry.written = true;
    entry.writtenAt = now;
    untaken.add(entry);
    if (entry.wantsAnswer()) {
      answers.put(entry.n, entry);
    }
  }

  /** The hub has taken all sends up to {@code n}. */
  void taken(long n) {
    while (!untaken.isEmpty() && untaken.peek().n <= n) {
      Entry entry = untaken.poll();
      if (!entry.wantsAnswer()) {
        settle(new Settlement(entry, new Outcome.Sent(), null, false));
      }
    }
  }

  void answered(Frame.Confirm confirm) {
    taken(confirm.n());
    Entry entry = answers.get(confirm.n());
    if (entry == null || !entry.isAnsweredBy(confirm.status())) {
      return;
    }
    answers.remove(confirm.n());
    Outcome outcome =
        confirm.status() == Confirmation.DELIVERED
            ? new Outcome.Delivered(confirm.duplicate())
            : new Outcome.Accepted(confirm.duplicate());
    settle(new Settlement(entry, outcome, null, false));
  }

  /** Whether the refusal was of a send that is still open, which it then settles. */
  boolean refused(long n, RuntimeException refusal) {
    if (n == 0) {
      return false;
    }
    taken(n - 1);
    Entry entry = answers.remove(n);
    if (!untaken.isEmpty() && untaken.peek().n == n) {
      entry = untaken.poll();
    }
    if (entry == null) {
      return false;
    }
    fail(entry, refusal, false);
    return true;
  }

  /** The session goes on, and the hub has taken all up to {@code received}. */
  void resumed(long received) {
    repeats.clear();
    taken(received);
    for (Entry entry : untaken) {
      answers.remove(entry.n);
    }
    List<Entry> again = new ArrayList<>(untaken);
    untaken.clear();
    lastN = received;
    answers
        .values()
        .removeIf(
            entry -> {
              if (entry.n > received - ANSWERS_REMEMBERED) {
                repeats.add(entry);
                return false;
              }
              if (!entry.message.isLive()) {
                again.add(entry);
              }
              return !entry.message.isLive();
            });
    putBack(again);
  }

  /** A new session: its numbers begin at 1, and nobody knows what the old one took. */
  void restarted() {
    repeats.clear();
    List<Entry> again = new ArrayList<>(answers.values());
    untaken.stream().filter(entry -> !entry.wantsAnswer()).forEach(again::add);
    untaken.clear();
    answers.clear();
    lastN = 0;
    for (Entry entry : again) {
      if (entry.message.isLive()) {
        fail(entry, new UnconfirmedException("the session ended before the answer"), false);
      }
    }
    again.removeIf(entry -> entry.settled);
    putBack(again);
  }

  private void putBack(List<Entry> again) {
    again.sort(Comparator.comparingLong((Entry entry) -> entry.order).reversed());
    for (Entry entry : again) {
      entry.n = 0;
      (entry.message.isLive() ? live : critical).addFirst(entry);
    }
  }

  /** Lets go of what is too old: what waits past its time, and answers that will not come. */
  void sweep(long now) {
    live.removeIf(entry -> isExpired(entry, now) && fail(entry, expired(), true));
    answers
        .values()
        .removeIf(
            entry ->
                isAnswerOverdue(entry, now)
                    && fail(entry, new UnconfirmedException("the answer never came"), false));
  }

  private boolean isExpired(Entry entry, long now) {
    if (!entry.message.isLive() && entry.written) {
      return false; // the hub may have it: its answer decides
    }
    long ttl = entry.message.ttl().toNanos();
    if (entry.message.isLive()) {
      long most = limits.liveTtl().toNanos();
      ttl = ttl == 0 ? most : Math.min(ttl, most);
    }
    return ttl > 0 && now - entry.submittedAt >= ttl;
  }

  private static boolean isAnswerOverdue(Entry entry, long now) {
    Duration ttl = entry.message.ttl().isZero() ? HUB_LIVE_TTL : entry.message.ttl();
    return entry.message.isLive() && now - entry.writtenAt >= ttl.plus(ANSWER_GRACE).toNanos();
  }

  private static RefusedException expired() {
    return new RefusedException(Refusal.EXPIRED, "expired before it could be sent");
  }

  /** Settles everything at the end: what never left differs from what may have arrived. */
  void close(Exception cause) {
    List<Entry> open = new ArrayList<>(answers.values());
    untaken.stream().filter(entry -> !entry.wantsAnswer()).forEach(open::add);
    open.addAll(live);
    open.addAll(critical);
    for (var queue : List.of(live, critical, repeats, untaken)) {
      queue.clear();
    }
    answers.clear();
    for (Entry entry : open) {
      RuntimeException failure =
          entry.written
              ? new UnconfirmedException("closed before the answer")
              : new ClientClosedException(cause);
      fail(entry, failure, false);
    }
  }

  private boolean fail(Entry entry, RuntimeException failure, boolean dropped) {
    settle(new Settlement(entry, null, failure, dropped));
    return true;
  }

  private void settle(Settlement settlement) {
    settlement.entry().settled = true;
    bytes -= settlement.entry().size;
    settlements.accept(settlement);
  }

  long lastN() {
    return lastN;
  }

  /** Whether there are sends of which nobody knows yet whether the hub has taken them. */
  boolean hasUntaken() {
    return !untaken.isEmpty();
  }

  boolean isIdle() {
    return waiting() == 0 && untaken.isEmpty() && answers.isEmpty();
  }

  int waiting() {
    return live.size() + critical.size();
  }

  int unanswered() {
    return Math.max(untaken.size(), answers.size());
  }
}
