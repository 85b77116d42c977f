package io.peerhub.session;

import io.peerhub.delivery.Letter;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The critical messages that a session has taken and whose mailboxes have not answered yet. Belongs
 * to its session and its loop's thread.
 *
 * <p>Guarantees that those to one receiver are kept in their order: one lot is under way to each
 * mailbox, the same is said again until it is answered, and what comes meanwhile is the next lot.
 * What waits is bounded by count and bytes a session, and by bytes a node; past it a message is
 * refused before it is taken.
 */
final class Postings {
  private static final class Box {
    private final ArrayDeque<Posting> waiting = new ArrayDeque<>();
    private List<Posting> out = List.of();
    private long lot;
    private long againAt;
  }

  private static final Duration AGAIN_AFTER = Duration.ofSeconds(2);
  private static final int LOT_MAX = 256;
  private static final long LOT_BYTES = 256 << 10;
  private static final int RETRY_MS = 1_000;

  private final Surroundings with;
  private final Identity from;
  private final long epoch;
  private final boolean rising;
  private final ActorRef<SessionInput> self;
  private final BiConsumer<HandOver.Answer, Boolean> answered;
  private final Map<Identity, Box> boxes = new LinkedHashMap<>(0);
  private int count;
  private long bytes;
  private long lots;
  private long nextAt = Long.MAX_VALUE;
  private long named;

  /**
   * @param epoch of the session: no other of its peer has the same
   * @param rising whether the peer names its messages in rising order
   * @param answered hears what became of each, and whether it was a duplicate
   */
  Postings(
      Surroundings with,
      Identity from,
      long epoch,
      boolean rising,
      ActorRef<SessionInput> self,
      BiConsumer<HandOver.Answer, Boolean> answered) {
    this.with = with;
    this.from = from;
    this.epoch = epoch;
    this.rising = rising;
    this.self = self;
    this.answered = answered;
  }

  /** Takes a message for that mailbox; null if it is taken, else why not. */
  Refusal post(Frame.Send send, Identity to) {
    String id = send.id().isEmpty() ? "~" + epoch + "-" + ++named : send.id();
    Letter.Message letter =
        new Letter.Message(
            from, "", send.body(), id, send.re(), with.clock().millis(), send.headers());
    int weight = letter.weight();
    if (count >= with.settings().queueMaxCount() || bytes + weight > maxBytes()) {
      return Refusal.TOO_MANY;
    }
    if (with.mail().storeIsAway().getAsBoolean() || !with.mail().unwritten().take(weight)) {
      return Refusal.STORE_UNAVAILABLE;
    }
    boolean isRising = rising && !send.id().isEmpty();
    boolean wants = send.confirm() == Confirmation.DELIVERED;
    Mailbox.Parcel parcel = new Mailbox.Parcel(letter, send.ttlMs(), wants, isRising);
    boolean confirms = send.confirm() != Confirmation.NONE;
    Box box = boxes.computeIfAbsent(to, who -> new Box());
    box.waiting.add(new Posting(parcel, send.id(), send.n(), confirms));
    count++;
    bytes += weight;
    with.meters().count(Meter.ACCEPTED);
    if (box.out.isEmpty()) {
      sendNext(to, box);
    }
    return null;
  }

  /** One message alone always fits. */
  private long maxBytes() {
    return Math.max(with.settings().queueMaxBytes(), 2L * with.settings().maxFrame());
  }

  private void sendNext(Identity to, Box box) {
    List<Posting> lot = new ArrayList<>();
    long lotBytes = 0;
    while (!box.waiting.isEmpty() && lot.size() < LOT_MAX && lotBytes < LOT_BYTES) {
      Posting posting = box.waiting.poll();
      lotBytes += posting.parcel().letter().weight();
      lot.add(posting);
    }
    box.out = lot;
    box.lot = ++lots;
    say(to, box, false);
  }

  private void say(Identity to, Box box, boolean again) {
    List<Mailbox.Parcel> parcels = box.out.stream().map(Posting::parcel).toList();
    with.mail().boxes().tell(new Mailbox.Post(to, box.lot, again, parcels, self));
    box.againAt = with.nanos().getAsLong() + AGAIN_AFTER.toNanos();
    nextAt = Math.min(nextAt, box.againAt);
  }

  /** A mailbox has answered. */
  void posted(Mailbox.Posted posted) {
    Box box = boxes.get(posted.owner());
    if (box == null || box.lot != posted.lot() || box.out.size() != posted.answers().size()) {
      return; // It had been said twice, and was answered twice.
    }
    List<Posting> lot = box.out;
    box.out = List.of();
    for (int i = 0; i < lot.size(); i++) {
      tell(lot.get(i), posted.answers().get(i));
    }
    lot.forEach(this::release);
    if (box.waiting.isEmpty()) {
      boxes.remove(posted.owner());
    } else {
      sendNext(posted.owner(), box);
    }
  }

  private void tell(Posting posting, Mailbox.Answer answer) {
    if (answer.refusalCode() != 0) {
      int retry = answer.retryAfterMs();
      answered.accept(
          new HandOver.Answer(
              posting.n(), posting.id(), Confirmation.NONE, answer.refusalCode(), retry),
          false);
    } else if (posting.confirms()) {
      answered.accept(
          new HandOver.Answer(posting.n(), posting.id(), Confirmation.ACCEPTED, 0, 0),
          answer.duplicate());
    }
  }

  private void release(Posting posting) {
    int weight = posting.parcel().letter().weight();
    count--;
    bytes -= weight;
    with.mail().unwritten().release(weight);
  }

  /** When something may have to be said again; Long.MAX_VALUE if nothing waits. */
  long nextAt() {
    return boxes.isEmpty() ? Long.MAX_VALUE : nextAt;
  }

  /** Says again what was not answered in time; when to come back, Long.MAX_VALUE if never. */
  long sayAgain(long now) {
    if (with.mail().storeIsAway().getAsBoolean()) {
      refuseUnsaid();
    }
    long next = Long.MAX_VALUE;
    for (Map.Entry<Identity, Box> entry : boxes.entrySet()) {
      Box box = entry.getValue();
      if (box.againAt - now <= 0) {
        say(entry.getKey(), box, true);
      }
      next = Math.min(next, box.againAt);
    }
    nextAt = next;
    return next;
  }

  /** They wait behind a lot of which nobody can say for now what became of it. */
  private void refuseUnsaid() {
    Mailbox.Answer no = new Mailbox.Answer(Refusal.STORE_UNAVAILABLE.code(), false, RETRY_MS);
    for (Box box : boxes.values()) {
      for (Posting posting; (posting = box.waiting.poll()) != null; ) {
        release(posting);
        tell(posting, no);
      }
    }
  }

  /** How long a message waits that finds no room. */
  static int retryAfterMs(Refusal refusal) {
    return refusal.retryable() ? RETRY_MS : 0;
  }

  // ---- the end

  /** All that waits for its answer, for the session that goes on with this one. */
  void handOver(Consumer<HandOver> to) {
    boxes.forEach(
        (owner, box) -> {
          box.out.forEach(posting -> to.accept(new HandOver.Unposted(owner, true, posting)));
          box.waiting.forEach(posting -> to.accept(new HandOver.Unposted(owner, false, posting)));
        });
    close();
  }

  /** From an older session: what had been said is said again, in the lot that it was in. */
  void takeOver(List<HandOver.Unposted> unposted) {
    for (HandOver.Unposted one : unposted) {
      Box box = boxes.computeIfAbsent(one.owner(), who -> new Box());
      int weight = one.posting().parcel().letter().weight();
      with.mail().unwritten().takeAnyway(weight);
      count++;
      bytes += weight;
      if (one.said()) {
        box.out = new ArrayList<>(box.out);
        box.out.add(one.posting());
      } else {
        box.waiting.add(one.posting());
      }
    }
    boxes.forEach(
        (to, box) -> {
          if (box.out.isEmpty()) {
            sendNext(to, box);
          } else {
            box.lot = ++lots;
            say(to, box, true);
          }
        });
  }

  /** The session ends, and nobody is left to be answered: what waits is said once. */
  void flush() {
    boxes.forEach(
        (to, box) -> {
          while (!box.waiting.isEmpty()) {
            box.out.forEach(this::release);
            sendNext(to, box);
          }
        });
    close();
  }

  /** Gives back what it holds. Idempotent. */
  void close() {
    boxes
        .values()
        .forEach(
            box -> {
              box.out.forEach(this::release);
              box.waiting.forEach(this::release);
            });
    boxes.clear();
  }
}
