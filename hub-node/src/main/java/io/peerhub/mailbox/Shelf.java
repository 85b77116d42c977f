package io.peerhub.mailbox;

import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Fact;
import io.peerhub.delivery.kept.Kept;
import io.peerhub.delivery.kept.MailboxDesk;
import io.peerhub.delivery.kept.MailboxState;
import io.peerhub.delivery.kept.Row;
import io.peerhub.persistence.journal.DeadLetter;
import io.peerhub.persistence.journal.JournalWrite;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the rows of one mailbox are: writes them, with what tables tell of it, and reads them back.
 * Belongs to its mailbox; what it gives is completed on other threads.
 */
final class Shelf {
  /** The rows cannot be understood, now or ever. */
  static final class SetAside extends Exception {
    private static final long serialVersionUID = 1L;

    SetAside(String why) {
      super(why);
    }
  }

  /** A snapshot spares a replay of so many rows; a large mailbox takes one more rarely. */
  private static final int SNAPSHOT_ROWS = 256;

  private final Identity owner;
  private final MailboxCollaborators with;
  private final long writer = ThreadLocalRandom.current().nextLong();
  private MailStore store;
  private long snapshotRow;

  Shelf(Identity owner, MailboxCollaborators with) {
    this.owner = owner;
    this.with = with;
  }

  // ---- reading

  /** Reads the mailbox as it was left; fails with {@link SetAside}, or with what will pass. */
  CompletionStage<MailboxDesk> load() {
    return with.store().thenApplyAsync(this::load, with.blocking());
  }

  private MailboxDesk load(MailStore from) {
    MailboxDesk desk = new MailboxDesk(owner, with.settings().limits(), with.memory());
    try {
      String why =
          from.reader()
              .load(owner.text(), (row, bytes, snapshot) -> replay(desk, row, bytes, snapshot));
      if (why != null) {
        throw new SetAside(why);
      }
    } catch (Unreadable row) {
      throw new CompletionException(setAside(from, row.getMessage()));
    } catch (SQLException | SetAside failure) {
      throw new CompletionException(failure);
    }
    store = from;
    return desk;
  }

  private void replay(MailboxDesk desk, long row, byte[] bytes, boolean snapshot) {
    desk.replay(row, facts(row, bytes));
    if (snapshot) {
      snapshotRow = row;
    }
  }

  /** Carries a row that cannot be understood through what reads rows. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(long row, UnreadableRow cause) {
      super("row " + row + ": " + cause.getMessage(), cause);
    }
  }

  private static List<Fact> facts(long row, byte[] bytes) {
    try {
      return FactCodec.decode(bytes);
    } catch (UnreadableRow cause) {
      throw new Unreadable(row, cause);
    }
  }

  private SetAside setAside(MailStore from, String why) {
    SetAside aside = new SetAside(why);
    try {
      from.reader().quarantine(owner.text(), why);
    } catch (SQLException failure) {
      aside.addSuppressed(failure);
    }
    return aside;
  }

  /** Reads letters that are not in memory; by place. */
  CompletionStage<Map<Long, Letter>> read(List<Kept> kept) {
    Set<Long> rows = new HashSet<>();
    Set<Long> places = new HashSet<>();
    kept.forEach(
        one -> {
          rows.add(one.row());
          places.add(one.place());
        });
    return CompletableFuture.supplyAsync(() -> read(rows, places), with.blocking());
  }

  private Map<Long, Letter> read(Set<Long> rows, Set<Long> places) {
    Map<Long, Letter> letters = new HashMap<>();
    try {
      store
          .reader()
          .read(
              owner.text(),
              List.copyOf(rows),
              (row, bytes, snapshot) -> {
                for (Fact fact : facts(row, bytes)) {
                  Fact.Accepted accepted = accepted(fact);
                  if (accepted != null && places.contains(accepted.place())) {
                    letters.put(accepted.place(), accepted.letter());
                  }
                }
              });
    } catch (SQLException failure) {
      throw new CompletionException(failure);
    }
    return letters;
  }

  private static Fact.Accepted accepted(Fact fact) {
    return switch (fact) {
      case Fact.Accepted accepted -> accepted;
      case Fact.Redriven redriven -> redriven.again();
      case Fact other -> null;
    };
  }

  // ---- writing

  /** Whether the database is known not to take writes now. */
  boolean isAway() {
    return store.journal().isAway();
  }

  /** Writes what has happened since the row before. */
  CompletionStage<JournalWrite.Outcome> write(MailboxDesk desk, long now) {
    Row row = desk.close();
    byte[] snapshot = null;
    long rows = row.number() - snapshotRow;
    if (rows >= SNAPSHOT_ROWS && rows >= desk.state().pendingCount() / 16) {
      snapshot = FactCodec.encode(desk.state().snapshot());
      snapshotRow = row.number();
    }
    byte[] event = FactCodec.encode(row.facts());
    long[] keys = keys(row.facts());
    JournalWrite.Summary summary = summary(desk, now);
    byte[] taken = snapshot;
    if (row.buried().stream().allMatch(buried -> buried.letter() != null)) {
      return store.journal().write(write(row, now, event, keys, summary, taken, Map.of()));
    }
    return unread(row.buried())
        .thenCompose(
            read -> store.journal().write(write(row, now, event, keys, summary, taken, read)));
  }

  private CompletionStage<Map<Long, Letter>> unread(List<Row.Buried> buried) {
    Set<Long> rows = new HashSet<>();
    Set<Long> places = new HashSet<>();
    for (Row.Buried one : buried) {
      if (one.letter() == null) {
        rows.add(one.row());
        places.add(one.place());
      }
    }
    return CompletableFuture.supplyAsync(() -> read(rows, places), with.blocking());
  }

  private JournalWrite write(
      Row row,
      long now,
      byte[] event,
      long[] keys,
      JournalWrite.Summary summary,
      byte[] snapshot,
      Map<Long, Letter> read) {
    List<DeadLetter> dead = new ArrayList<>(row.buried().size());
    for (Row.Buried one : row.buried()) {
      Letter letter = one.letter() == null ? read.get(one.place()) : one.letter();
      dead.add(
          new DeadLetter(
              owner.text(),
              one.place(),
              one.from().text(),
              one.id(),
              one.end().fate().ordinal(),
              one.failures(),
              one.end().reason(),
              one.end().at(),
              letter == null ? new byte[0] : FactCodec.encode(letter)));
    }
    return new JournalWrite(
        owner.text(), row.number(), writer, now, event, keys, summary, snapshot, dead, new long[0]);
  }

  private JournalWrite.Summary summary(MailboxDesk desk, long now) {
    MailboxState state = desk.state();
    long wakeAt = desk.wakeAt(now);
    return new JournalWrite.Summary(
        Math.min(state.lowestRow(), snapshotRow + 1),
        wakeAt == Long.MAX_VALUE ? 0 : wakeAt,
        state.pendingCount(),
        state.pendingBytes(),
        state.owedCount(),
        state.counts().allAccepted(),
        state.counts().of(Fate.DELIVERED),
        state.counts().of(Fate.EXPIRED),
        state.counts().of(Fate.REJECTED),
        state.counts().of(Fate.DEAD));
  }

  private static long[] keys(List<Fact> facts) {
    return facts.stream()
        .map(Shelf::accepted)
        .filter(accepted -> accepted != null && accepted.letter() instanceof Letter.Message)
        .mapToLong(accepted -> MessageKey.of(accepted.letter().from(), accepted.letter().id()))
        .toArray();
  }

  static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
