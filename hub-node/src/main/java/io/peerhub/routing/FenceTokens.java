package io.peerhub.routing;

/**
 * Numbers for fences. A token names the loop that waits for it, because a fence that comes to an
 * ended session has no other way to say where its answer belongs in order with returned mail.
 */
final class FenceTokens {
  private static final int COUNT_BITS = 48;

  private final long base;
  private long count;

  FenceTokens(int loop) {
    this.base = (long) loop << COUNT_BITS;
  }

  /** Never 0. */
  long next() {
    return base | ++count;
  }

  static int loopOf(long token) {
    return (int) (token >>> COUNT_BITS);
  }
}
