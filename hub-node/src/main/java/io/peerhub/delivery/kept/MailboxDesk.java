package io.peerhub.delivery.kept;

import io.peerhub.delivery.Budget;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Takes what is asked of a mailbox, decides, and notes what has happened.
 *
 * <p>Facts are applied at once and collected; {@link #close} makes a row of them, {@link
 * #committed} says that it is on disk. Until then nobody may be told: letters are given out only
 * from committed rows, and what a caller answers has to wait for the row in which it was decided.
 * Pure: it belongs to one thread, and time comes in as ms of the wall clock.
 */
public final class MailboxDesk {
  /** What became of a letter at the entrance. */
  public enum Verdict {
    ACCEPTED,
    /** The same was taken before; it has the same answer, once that one's row is committed. */
    DUPLICATE,
    /** Another letter has that name. */
    CONFLICT,
    /** Below what is known of a rising sender. */
    TOO_OLD,
    FULL
  }

  /** A mailbox that owes receipts is woken so long after it went to sleep. */
  private static final long OWING_MS = 60_000;

  private final MailboxLimits limits;
  private final MailboxState state;
  private final Offering offering;
  private final Bodies bodies;
  private final List<Long> withdrawn = new ArrayList<>(0);
  private List<Fact> collecting = new ArrayList<>();
  private List<Row.Buried> buried = new ArrayList<>(0);
  private boolean decided;
  private long lastRow;
  private long committedRow;

  /**
   * @param memory what all mailboxes of the node may hold in memory together
   */
  public MailboxDesk(Identity owner, MailboxLimits limits, Budget memory) {
    this.limits = limits;
    this.state = new MailboxState(owner, limits);
    this.offering = new Offering(state);
    this.bodies = new Bodies(limits.bodiesMaxBytes(), memory);
  }

  // ---- what was written before

  /** Goes on from a row, or from the snapshot that was taken with it. */
  public void replay(long row, List<Fact> facts) {
    facts.forEach(fact -> state.apply(fact, row));
    lastRow = row;
    committedRow = row;
  }

  /** This node is the one that serves it from now on. */
  public void activate(long term, String node, long now) {
    note(new Fact.Activated(now, term, node));
  }

  // ---- letters

  /** Takes a letter, or says why not. */
  public Verdict accept(
      Letter letter, long ttlMs, boolean wantsDelivered, boolean rising, long now) {
    RisingIds.Number number = rising ? RisingIds.Number.of(letter.id()) : null;
    IdMemory.Name name =
        new IdMemory.Name(letter.from(), letter.id(), letter instanceof Letter.Receipt);
    IdMemory.Known known = state.ids().find(name, now);
    if (known != null) {
      return known.content() == letter.content() ? repeat(letter, now) : Verdict.CONFLICT;
    }
    if (number != null) {
      switch (state.rising().see(letter.from(), number)) {
        case SEEN -> {
          return repeat(letter, now);
        }
        case BELOW -> {
          return Verdict.TOO_OLD;
        }
        case NEW -> {}
      }
    }
    if (!makeRoom(letter, now)) {
      return Verdict.FULL;
    }
    long most = limits.ttlMax().toMillis();
    long endsAt = now + (ttlMs <= 0 ? most : Math.min(ttlMs, most));
    take(new Fact.Accepted(now, place(), letter, endsAt, wantsDelivered, number != null));
    return Verdict.ACCEPTED;
  }

  private Verdict repeat(Letter letter, long now) {
    if (letter instanceof Letter.Message) {
      note(new Fact.Repeated(now, letter.from(), letter.id()));
    }
    return Verdict.DUPLICATE;
  }

  private boolean makeRoom(Letter letter, long now) {
    return switch (letter) {
      case Letter.Message message ->
          state.pendingCount() - state.receiptCount() < limits.pendingMax()
              && state.pendingBytes() + message.weight() <= limits.pendingMaxBytes();
      case Letter.Receipt receipt -> {
        if (state.receiptCount() >= limits.receiptsMax()) {
          end(state.pending(state.oldestReceipt()), Fate.EXPIRED, "too many receipts", now);
        }
        yield true;
      }
    };
  }

  private long place() {
    return state.lastPlace() + 1;
  }

  private void take(Fact.Accepted accepted) {
    note(accepted);
    remember(accepted.place(), accepted.letter());
  }

  private void remember(long place, Letter letter) {
    if (offering.isAttached()) {
      bodies.keep(state.pending(place), letter, state.pendingCount());
    }
  }

  /** Puts a dead letter back, as a new one. */
  public void redrive(long dead, Fate fate, Letter.Message letter, boolean wanted, long now) {
    Fact.Accepted again =
        new Fact.Accepted(now, place(), letter, now + limits.ttlMax().toMillis(), wanted, false);
    note(new Fact.Redriven(now, dead, fate, again));
    remember(again.place(), letter);
  }

  // ---- the receiver

  /**
   * A session is there and takes letters, if none with a higher epoch is.
   *
   * @param has what it holds already, because an older session handed it over
   */
  public boolean attach(String session, long epoch, int window, long[] has) {
    if (epoch < offering.epoch() || epoch == offering.epoch() && !offering.isAway()) {
      return epoch == offering.epoch();
    }
    withdrawn.addAll(offering.attach(session, epoch, window, has));
    return true;
  }

  /**
   * The session's connection is cut.
   *
   * @param first the place of the first letter that was written and not acknowledged; 0 if none
   * @param back what was not written
   */
  public void away(long epoch, long first, long[] back, long now) {
    if (epoch != offering.epoch() || offering.isAway()) {
      return;
    }
    for (long place : back) {
      Kept kept = state.pending(place);
      if (kept != null) {
        offering.takeBack(kept);
      }
    }
    offering.away();
    Kept kept = first == 0 ? null : state.pending(first);
    if (kept != null) {
      fail(kept, "connection lost", 0, now);
    }
  }

  /** The session is over. */
  public void detach(long epoch) {
    if (epoch == offering.epoch()) {
      offering.detach();
      bodies.dropAll(state.pending());
    }
  }

  /** These are processed; false if the epoch is not the one that counts. */
  public boolean ack(long epoch, long[] places, long now) {
    if (epoch != offering.epoch() || epoch == 0) {
      return false;
    }
    long[] known = Arrays.stream(places).filter(place -> state.pending(place) != null).toArray();
    if (known.length > 0) {
      for (long place : known) {
        leave(state.pending(place));
      }
      note(new Fact.Acked(now, epoch, known));
    }
    return true;
  }

  /** This one could not be processed. */
  public void reject(long epoch, long place, String reason, boolean requeue, long now) {
    Kept kept = state.pending(place);
    if (epoch != offering.epoch() || kept == null || !offering.isOut(kept)) {
      return;
    }
    if (requeue && !kept.receipt) {
      int failures = kept.failures + 1;
      if (fail(kept, reason, now + limits.requeueMs(failures), now)) {
        offering.takeBack(kept);
      }
    } else {
      end(kept, Fate.REJECTED, reason, now);
    }
  }

  /** One more failed attempt; false if that was the last. */
  private boolean fail(Kept kept, String reason, long notBefore, long now) {
    note(new Fact.Failed(now, kept.place, reason, notBefore));
    if (kept.failures < limits.attemptsMax() || kept.receipt) {
      return true;
    }
    end(kept, Fate.DEAD, reason, now);
    return false;
  }

  private void end(Kept kept, Fate fate, String reason, long now) {
    Letter letter = kept.letter;
    if (leave(kept)) {
      withdrawn.add(kept.place);
    }
    Fact.Ended ended = new Fact.Ended(now, kept.place, fate, reason);
    if (fate.isKeptAsDead() && !kept.receipt) {
      buried.add(
          new Row.Buried(kept.place, kept.row, kept.from, kept.id, kept.failures, letter, ended));
    }
    note(ended);
  }

  private boolean leave(Kept kept) {
    bodies.drop(kept);
    return offering.leave(kept);
  }

  /** Ends what is over, but for what a connected receiver has in its hands. */
  public void expire(long now) {
    List<Kept> over = new ArrayList<>(0);
    for (Kept kept : state.byEnd()) {
      if (kept.endsAt > now) {
        break;
      }
      if (offering.isAway() || !offering.isOut(kept)) {
        over.add(kept);
      }
    }
    over.forEach(kept -> end(kept, Fate.EXPIRED, "", now));
  }

  /** Gives out what may go to the session now, and notes that. */
  public Offers offers(long now) {
    // An end that was decided, passed by in a delivery and lost in a crash must not come to life.
    expire(now);
    Offering.Next next = offering.next(committedRow, now);
    List<Offers.Offer> letters = new ArrayList<>(next.letters().size());
    long[] places = new long[next.letters().size()];
    for (Kept kept : next.letters()) {
      places[letters.size()] = kept.place;
      letters.add(new Offers.Offer(kept.place, kept.letter, state.isFlagged(kept), kept.attempt()));
    }
    if (places.length > 0) {
      note(new Fact.Offered(now, offering.session(), offering.epoch(), places));
    }
    return new Offers(offering.session(), offering.epoch(), letters, next.unread());
  }

  /** Whether there is room in memory for what would have to be read back. */
  public boolean mayReadBack() {
    return bodies.hasRoom();
  }

  /** A letter was read back. */
  public void readBack(long place, Letter letter) {
    Kept kept = state.pending(place);
    if (kept != null && kept.letter == null) {
      bodies.keepAnyway(kept, letter);
    }
  }

  /** Places that the session is to forget, since they were taken from it. */
  public List<Long> takeWithdrawn() {
    List<Long> taken = List.copyOf(withdrawn);
    withdrawn.clear();
    return taken;
  }

  // ---- receipts

  /** Receipts of committed rows that are to be offered to their senders' mailboxes now. */
  public Map<Identity, List<Letter.Receipt>> receiptsDue(long now) {
    while (state.debts().size() > limits.receiptsMax()) {
      note(new Fact.Told(now, new long[] {state.debts().oldest()}));
    }
    return state.debts().due(committedRow, now);
  }

  /** The sender's mailbox has taken these. */
  public void told(long[] places, long now) {
    long[] owed = Arrays.stream(places).filter(place -> state.debts().has(place)).toArray();
    if (owed.length > 0) {
      note(new Fact.Told(now, owed));
    }
  }

  // ---- rows

  private void note(Fact fact) {
    collecting.add(fact);
    decided |= !(fact instanceof Fact.Offered);
    state.apply(fact, lastRow + 1);
  }

  /** Whether something has happened that no row holds. */
  public boolean hasFacts() {
    return !collecting.isEmpty();
  }

  /**
   * Whether that has to be written now. That letters were offered may wait for the next row: after
   * a crash all that is pending counts as offered.
   */
  public boolean hasDecisions() {
    return decided;
  }

  /** Makes a row of what has happened. */
  public Row close() {
    Row row = new Row(++lastRow, collecting, buried);
    collecting = new ArrayList<>();
    buried = new ArrayList<>(0);
    decided = false;
    return row;
  }

  /** The row that was closed last is on disk. */
  public void committed() {
    committedRow = lastRow;
  }

  public long lastRow() {
    return lastRow;
  }

  /** What is, with all that has happened, committed or not. */
  public MailboxState state() {
    return state;
  }

  public boolean isAttached() {
    return offering.isAttached();
  }

  /** The epoch of the attached session; 0 if there is none. */
  public long epoch() {
    return offering.epoch();
  }

  /** When something is to be done though nobody asks; Long.MAX_VALUE if never. */
  public long nextAt(long now) {
    long next = offering.isAttached() ? offering.nextAt() : Long.MAX_VALUE;
    Kept first = state.firstToEnd();
    if (first != null) {
      // What the receiver has in its hands is looked at again a little later.
      next = Math.min(next, first.endsAt > now ? first.endsAt : now + 1_000);
    }
    next = Math.min(next, state.debts().nextAt());
    return next;
  }

  /** When somebody has to wake this mailbox if it should sleep; Long.MAX_VALUE if never. */
  public long wakeAt(long now) {
    Kept first = state.firstToEnd();
    long end = first == null ? Long.MAX_VALUE : first.endsAt;
    return state.owedCount() > 0 ? Math.min(end, now + OWING_MS) : end;
  }

  /** Gives back what it holds of the node's memory. */
  public void release() {
    bodies.dropAll(state.pending());
  }
}
