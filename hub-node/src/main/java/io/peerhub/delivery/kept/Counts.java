package io.peerhub.delivery.kept;

import io.peerhub.delivery.Fate;

/**
 * What has become of all messages that a mailbox ever took, receipts apart: {@code accepted =
 * delivered + pending + expired + rejected + dead} at any time.
 */
public final class Counts {
  private static final int ACCEPTED = Fate.values().length;

  private final long[] counts;

  Counts() {
    counts = new long[ACCEPTED + 1];
  }

  void restore(long[] saved) {
    System.arraycopy(saved, 0, counts, 0, counts.length);
  }

  void accepted() {
    counts[ACCEPTED]++;
  }

  void ended(Fate fate) {
    counts[fate.ordinal()]++;
  }

  /** A dead letter is pending again. */
  void revived(Fate fate) {
    counts[fate.ordinal()]--;
  }

  public long of(Fate fate) {
    return counts[fate.ordinal()];
  }

  /** Messages taken, each once however often it came. */
  public long allAccepted() {
    return counts[ACCEPTED];
  }

  long[] toArray() {
    return counts.clone();
  }
}
