package io.peerhub.delivery.kept;

import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a mailbox is: what is pending in it, which names it knows, which receipts it owes, and what
 * has become of everything else. It changes by {@link #apply} alone, which decides nothing, never
 * fails for a fact that was once decided, and gives the same state for the same facts.
 */
public final class MailboxState {
  private final Identity owner;
  private final TreeMap<Long, Kept> pending = new TreeMap<>();
  private final TreeSet<Kept> byEnd =
      new TreeSet<>(
          Comparator.comparingLong((Kept kept) -> kept.endsAt).thenComparingLong(k -> k.place));
  private final Debts debts = new Debts();
  private final IdMemory ids;
  private final RisingIds rising = new RisingIds();
  private final Counts counts = new Counts();
  private long term;
  private long lastPlace;
  private long flaggedUpTo;
  private final TreeSet<Long> receipts = new TreeSet<>();
  private long bytes;
  private final TreeMap<Long, Integer> rows = new TreeMap<>();

  MailboxState(Identity owner, MailboxLimits limits) {
    this.owner = owner;
    this.ids = new IdMemory(limits.idsKeptFor().toMillis(), limits.idsMax());
  }

  /** Takes a fact of that row. */
  void apply(Fact fact, long row) {
    switch (fact) {
      case Fact.Activated activated -> {
        term = activated.term();
        // Nobody knows any more which of them were written to the receiver.
        flaggedUpTo = lastPlace;
      }
      case Fact.Accepted accepted -> {
        accept(accepted, row);
        if (accepted.letter() instanceof Letter.Message) {
          counts.accepted();
        }
      }
      case Fact.Repeated repeated -> {}
      case Fact.Offered offered -> offered(offered.places());
      case Fact.Acked acked -> {
        for (long place : acked.places()) {
          end(place, Fate.DELIVERED, "", acked.at(), row);
        }
      }
      case Fact.Failed failed -> fail(failed);
      case Fact.Ended ended -> end(ended.place(), ended.fate(), ended.reason(), ended.at(), row);
      case Fact.Told told -> {
        for (long place : told.places()) {
          debts.remove(place);
        }
      }
      case Fact.Redriven redriven -> {
        counts.revived(redriven.fate());
        accept(redriven.again(), row);
      }
      case Fact.Restored restored -> restore(restored);
      case Fact.Pending was -> put(new Kept(was));
      case Fact.Remembered was ->
          ids.ended(
              new IdMemory.Name(was.from(), was.id(), was.receipt()),
              was.content(),
              was.place(),
              was.fate(),
              was.at());
      case Fact.Marked marked -> rising.restore(marked);
      case Fact.Owed debt -> debts.add(debt.to(), debt.receipt(), row);
    }
  }

  private void restore(Fact.Restored restored) {
    term = restored.term();
    lastPlace = restored.lastPlace();
    flaggedUpTo = restored.flaggedUpTo();
    counts.restore(restored.counts());
  }

  private void accept(Fact.Accepted accepted, long row) {
    lastPlace = accepted.place();
    Kept kept = Kept.of(accepted, row);
    put(kept);
    if (kept.rising) {
      RisingIds.Number number = RisingIds.Number.of(kept.id);
      if (number != null) {
        rising.take(kept.from, number);
      }
    }
  }

  private void put(Kept kept) {
    pending.put(kept.place, kept);
    byEnd.add(kept);
    ids.pending(kept.name(), kept.content, kept.place);
    rows.merge(kept.row, 1, Integer::sum);
    bytes += kept.weight;
    if (kept.receipt) {
      receipts.add(kept.place);
    }
  }

  private void offered(long[] places) {
    for (long place : places) {
      Kept kept = pending.get(place);
      if (kept != null) {
        kept.seen = true;
      }
    }
  }

  private void fail(Fact.Failed failed) {
    Kept kept = pending.get(failed.place());
    if (kept != null) {
      kept.failures++;
      kept.notBefore = failed.notBefore();
    }
  }

  private void end(long place, Fate fate, String reason, long at, long row) {
    Kept kept = pending.remove(place);
    if (kept == null) {
      return;
    }
    byEnd.remove(kept);
    rows.computeIfPresent(kept.row, (same, count) -> count == 1 ? null : count - 1);
    bytes -= kept.weight;
    if (kept.receipt) {
      receipts.remove(place);
    }
    if (kept.rising) {
      // Its bit stays, and that is enough.
      ids.forget(kept.name());
    } else {
      ids.ended(kept.name(), kept.content, place, fate, at);
    }
    if (!kept.receipt) {
      counts.ended(fate);
      if (fate != Fate.DELIVERED || kept.wantsDelivered) {
        owe(kept, fate, reason, row);
      }
    }
  }

  private void owe(Kept kept, Fate fate, String reason, long row) {
    int attempts = kept.failures + (fate == Fate.DELIVERED ? 1 : 0);
    String to = kept.addressed.isEmpty() ? owner.text() : kept.addressed;
    Letter.Receipt receipt =
        new Letter.Receipt(owner, kept.place, kept.id, to, fate, attempts, reason);
    debts.add(kept.from, receipt, row);
  }

  /** The state as facts: replayed in this order they give it again. */
  public List<Fact> snapshot() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact.Restored(term, lastPlace, flaggedUpTo, counts.toArray()));
    ids.snapshot(facts::add);
    rising.snapshot(facts::add);
    pending.values().forEach(kept -> facts.add(kept.toFact()));
    debts.snapshot(facts::add);
    return facts;
  }

  IdMemory ids() {
    return ids;
  }

  RisingIds rising() {
    return rising;
  }

  Debts debts() {
    return debts;
  }

  Kept pending(long place) {
    return pending.get(place);
  }

  /** The first that is pending from this place on; null if there is none. */
  Kept pendingFrom(long place) {
    Map.Entry<Long, Kept> entry = pending.ceilingEntry(place);
    return entry == null ? null : entry.getValue();
  }

  /** Pending letters that are not in memory, from this place on: what to read back together. */
  public List<Kept> unread(long from, int most, long mostBytes) {
    List<Kept> unread = new ArrayList<>();
    long bytes = 0;
    for (Kept kept = pendingFrom(from);
        kept != null && unread.size() < most && bytes < mostBytes;
        kept = pendingFrom(kept.place + 1)) {
      if (kept.letter == null) {
        unread.add(kept);
        bytes += kept.weight;
      }
    }
    return unread;
  }

  /** All that is pending, by place. */
  public Collection<Kept> pending() {
    return pending.values();
  }

  /** The one whose time is over first; null if none is pending. */
  Kept firstToEnd() {
    return byEnd.isEmpty() ? null : byEnd.first();
  }

  /** Those whose time is over, soonest first. */
  Iterable<Kept> byEnd() {
    return byEnd;
  }

  /** Whether the receiver may have seen it. */
  boolean isFlagged(Kept kept) {
    return kept.seen || kept.place <= flaggedUpTo;
  }

  /** The lowest row that holds a pending letter; Long.MAX_VALUE if none is pending. */
  public long lowestRow() {
    return rows.isEmpty() ? Long.MAX_VALUE : rows.firstKey();
  }

  public Counts counts() {
    return counts;
  }

  public long term() {
    return term;
  }

  public long lastPlace() {
    return lastPlace;
  }

  /** Messages and receipts that are pending. */
  public int pendingCount() {
    return pending.size();
  }

  public int receiptCount() {
    return receipts.size();
  }

  /** The place of the oldest receipt that is pending. */
  long oldestReceipt() {
    return receipts.first();
  }

  /** What all that is pending weighs, in bytes. */
  public long pendingBytes() {
    return bytes;
  }

  /** Receipts that the senders' mailboxes have not taken yet. */
  public int owedCount() {
    return debts.size();
  }

  /** Whether there is anything for which the mailbox would have to be there. */
  public boolean isEmpty() {
    return pending.isEmpty() && debts.size() == 0;
  }
}
