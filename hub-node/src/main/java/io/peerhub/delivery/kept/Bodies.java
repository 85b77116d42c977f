package io.peerhub.delivery.kept;

import io.peerhub.delivery.Budget;
import io.peerhub.delivery.Letter;
import java.util.Collection;

/**
 * The letters of a mailbox that are in memory: those that will be delivered next, within the limit
 * of the mailbox and of the node. A letter that finds no room is read back when its turn comes.
 */
final class Bodies {
  private final long maxBytes;
  private final Budget memory;
  private long bytes;
  private int count;

  Bodies(long maxBytes, Budget memory) {
    this.maxBytes = maxBytes;
    this.memory = memory;
  }

  /** Keeps a new letter, if all before it are in memory too: else those are needed first. */
  void keep(Kept kept, Letter letter, int pendingCount) {
    boolean isNext = count == pendingCount - 1;
    if (isNext && bytes + kept.weight <= maxBytes && memory.take(kept.weight)) {
      put(kept, letter);
    }
  }

  /** Whether one more may be read back. */
  boolean hasRoom() {
    return bytes < maxBytes;
  }

  /** Keeps a letter whose turn it is. */
  void keepAnyway(Kept kept, Letter letter) {
    memory.takeAnyway(kept.weight);
    put(kept, letter);
  }

  private void put(Kept kept, Letter letter) {
    kept.letter = letter;
    bytes += kept.weight;
    count++;
  }

  void drop(Kept kept) {
    if (kept.letter != null) {
      kept.letter = null;
      bytes -= kept.weight;
      count--;
      memory.release(kept.weight);
    }
  }

  void dropAll(Collection<Kept> pending) {
    if (count > 0) {
      pending.forEach(this::drop);
    }
  }
}
