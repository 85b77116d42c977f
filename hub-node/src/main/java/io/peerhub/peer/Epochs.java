package io.peerhub.peer;

/**
 * Epochs: {@code term * 2^20 + count}, below 2^53.
 *
 * <p>The term is a number that the database gave once to this incarnation of the peer, higher than
 * any it gave before; the count rises with every attach. So epochs never go back, over crashes and
 * moves, and a flap costs no write.
 */
final class Epochs {
  static final int COUNT_BITS = 20;
  private static final long COUNT_MAX = (1L << COUNT_BITS) - 1;

  private long term;
  private long count;

  /** Whether a term is needed before the next epoch: at first, and after a million attaches. */
  boolean needsTerm() {
    return term == 0 || count >= COUNT_MAX;
  }

  void begin(long term) {
    if (term <= this.term || term >= 1L << (53 - COUNT_BITS)) {
      throw new IllegalArgumentException("term " + term + " after " + this.term);
    }
    this.term = term;
    this.count = 0;
  }

  /** Whether the peer had been here before, since it got its term. */
  boolean isReturn() {
    return count > 1;
  }

  long next() {
    if (needsTerm()) {
      throw new IllegalStateException("no term");
    }
    count++;
    return (term << COUNT_BITS) + count;
  }
}
