package io.peerhub.delivery.kept;

import io.peerhub.delivery.Letter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A journal in memory, and facts as texts that can be compared. */
final class Rows {
  private final TreeMap<Long, List<Fact>> rows = new TreeMap<>();
  private List<Fact> snapshot = List.of();
  private long snapshotRow;

  void write(Row row) {
    rows.put(row.number(), List.copyOf(row.facts()));
  }

  void snapshot(long row, List<Fact> facts) {
    snapshot = facts;
    snapshotRow = row;
  }

  long lastRow() {
    return rows.isEmpty() ? 0 : rows.lastKey();
  }

  /** As a node does that has just started. */
  void replayInto(MailboxDesk desk) {
    if (snapshotRow > 0) {
      desk.replay(snapshotRow, snapshot);
    }
    rows.tailMap(snapshotRow + 1).forEach(desk::replay);
  }

  Letter letter(Kept kept) {
    for (Fact fact : rows.get(kept.row())) {
      Fact.Accepted accepted =
          switch (fact) {
            case Fact.Accepted taken -> taken;
            case Fact.Redriven redriven -> redriven.again();
            case Fact other -> null;
          };
      if (accepted != null && accepted.place() == kept.place()) {
        return accepted.letter();
      }
    }
    throw new AssertionError("row " + kept.row() + " does not hold place " + kept.place());
  }

  static List<String> texts(List<Fact> facts) {
    List<String> texts = new ArrayList<>();
    for (Fact fact : facts) {
      texts.add(
          switch (fact) {
            case Fact.Marked m -> m.from() + m.prefix() + m.highest() + Arrays.toString(m.bits());
            case Fact.Restored r ->
                r.term()
                    + " "
                    + r.lastPlace()
                    + " "
                    + r.flaggedUpTo()
                    + Arrays.toString(r.counts());
            case Fact other -> other.toString();
          });
    }
    return texts;
  }
}
