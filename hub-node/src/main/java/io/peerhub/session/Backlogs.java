package io.peerhub.session;

import io.peerhub.delivery.Budget;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The conversations of one loop in which messages wait, under the node's budget for waiting bytes.
 * When the budget is used up, one of the longest backlogs of the loop gives up its oldest message:
 * who hoards pays, not who comes last. Belongs to the loop's thread; the budget is the node's.
 *
 * <p>Backlogs stand in classes by the power of two of their bytes, so that one is found and kept in
 * its class by a few steps however many wait: a budget that is used up is so for every message, and
 * a look at each of ten thousand backlogs for every one of those would stop the loop. The price is
 * exactness: none waits that is twice as long as the one that gives up, and of its class the one
 * pays that has been in it for longest.
 */
public final class Backlogs {
  /** Someone for whom messages wait. */
  interface Waiting {
    long waitingBytes();

    /** Drops its oldest message, and tells by {@link #resized} that it did. */
    void giveUpOldest();
  }

  private final Budget budget;

  /** By the number of digits of their bytes in binary; null where there was none yet. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
  private final Set<Waiting>[] classes = new Set[Long.SIZE];

  /** A bit for each class that is not empty. */
  private long taken;

  public Backlogs(Budget budget) {
    this.budget = budget;
  }

  /** Takes the bytes, at the cost of the longest backlogs if need be; false if that is in vain. */
  boolean take(int weight) {
    while (!budget.take(weight)) {
      if (taken == 0) {
        return false;
      }
      longest().giveUpOldest();
    }
    return true;
  }

  void release(long weight) {
    budget.release(weight);
  }

  /**
   * More or less waits for this one than before; 0 where nothing does.
   *
   * @param before how many bytes did
   */
  void resized(Waiting one, long before) {
    int from = digits(before);
    int to = digits(one.waitingBytes());
    if (from == to) {
      return;
    }
    if (from > 0) {
      classes[from].remove(one);
      if (classes[from].isEmpty()) {
        taken &= ~(1L << from);
      }
    }
    if (to > 0) {
      if (classes[to] == null) {
        classes[to] = new LinkedHashSet<>();
      }
      classes[to].add(one);
      taken |= 1L << to;
    }
  }

  private static int digits(long bytes) {
    return Long.SIZE - Long.numberOfLeadingZeros(bytes);
  }

  private Waiting longest() {
    return classes[digits(taken) - 1].iterator().next();
  }
}
