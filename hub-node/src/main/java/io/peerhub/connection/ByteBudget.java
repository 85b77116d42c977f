package io.peerhub.connection;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that a node holds for one purpose, and how many it may. Safe for any thread. */
final class ByteBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long max) {
    this.max = max;
  }

  /** Counts bytes that are held from now on, or, below 0, no more. */
  void add(long bytes) {
    used.addAndGet(bytes);
  }

  boolean exhausted() {
    return used.get() > max;
  }

  long max() {
    return max;
  }

  long used() {
    return used.get();
  }
}
