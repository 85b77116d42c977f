package io.peerhub.delivery.kept;

import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Receipts that the mailboxes of the senders have not taken yet. For each sender one lot is under
 * way at a time, offered again after a while, each time after a longer one.
 */
final class Debts {
  private static final long RETRY_MS = 2_000;
  private static final long RETRY_MOST_MS = 60_000;
  private static final int LOT_MAX = 256;

  private record Debt(Identity to, Letter.Receipt receipt, long row) {}

  private static final class Creditor {
    private final TreeMap<Long, Debt> debts = new TreeMap<>();
    // Of the running actor alone.
    private long tryAt;
    private int tries;
  }

  private final TreeMap<Long, Debt> all = new TreeMap<>();
  private final Map<Identity, Creditor> creditors = new LinkedHashMap<>();

  void add(Identity to, Letter.Receipt receipt, long row) {
    Debt debt = new Debt(to, receipt, row);
    all.put(receipt.place(), debt);
    creditors.computeIfAbsent(to, who -> new Creditor()).debts.put(receipt.place(), debt);
  }

  void remove(long place) {
    Debt debt = all.remove(place);
    if (debt == null) {
      return;
    }
    Creditor creditor = creditors.get(debt.to());
    creditor.debts.remove(place);
    creditor.tries = 0;
    creditor.tryAt = 0;
    if (creditor.debts.isEmpty()) {
      creditors.remove(debt.to());
    }
  }

  boolean has(long place) {
    return all.containsKey(place);
  }

  int size() {
    return all.size();
  }

  long oldest() {
    return all.firstKey();
  }

  /** The lots that are to be offered now. */
  Map<Identity, List<Letter.Receipt>> due(long committedRow, long now) {
    Map<Identity, List<Letter.Receipt>> due = new LinkedHashMap<>(0);
    creditors.forEach(
        (to, creditor) -> {
          if (creditor.tryAt <= now) {
            List<Letter.Receipt> lot = lot(creditor, committedRow);
            if (!lot.isEmpty()) {
              due.put(to, lot);
              long wait = Math.min(RETRY_MS << Math.min(creditor.tries, 10), RETRY_MOST_MS);
              creditor.tryAt = now + wait;
              creditor.tries++;
            }
          }
        });
    return due;
  }

  private static List<Letter.Receipt> lot(Creditor creditor, long committedRow) {
    List<Letter.Receipt> lot = new ArrayList<>();
    for (Debt debt : creditor.debts.values()) {
      if (lot.size() == LOT_MAX || debt.row() > committedRow) {
        break;
      }
      lot.add(debt.receipt());
    }
    return lot;
  }

  /** When a lot is to be offered again; Long.MAX_VALUE if none is owed. */
  long nextAt() {
    long next = Long.MAX_VALUE;
    for (Creditor creditor : creditors.values()) {
      next = Math.min(next, creditor.tryAt);
    }
    return next;
  }

  void snapshot(Consumer<Fact> to) {
    all.values().forEach(debt -> to.accept(new Fact.Owed(debt.to(), debt.receipt())));
  }
}
