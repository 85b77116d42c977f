package io.peerhub.delivery;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A number of bytes that a whole node shares for one purpose. Actor mailboxes and queues cannot be
 * bounded each by what the heap holds; their sum can, by counting bytes where they enter and where
 * they leave. Safe for any thread.
 */
public final class Budget {
  private final long maxBytes;
  private final AtomicLong used = new AtomicLong();

  public Budget(long maxBytes) {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("a budget needs at least one byte");
    }
    this.maxBytes = maxBytes;
  }

  /** Takes the bytes if there is room for all of them. */
  public boolean take(long bytes) {
    if (used.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  /** Takes the bytes for what cannot wait, whether there is room or not. */
  public void takeAnyway(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives back what was taken. */
  public void release(long bytes) {
    used.addAndGet(-bytes);
  }

  public long used() {
    return used.get();
  }

  public long maxBytes() {
    return maxBytes;
  }
}
