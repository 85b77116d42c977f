package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** A wait for another process, in short steps: files and processes of others do not notify. */
final class Wait {

  private static final Duration STEP = Duration.ofMillis(5);

  private final long until;

  private Wait(long until) {
    this.until = until;
  }

  static Wait atMost(Duration patience) {
    return new Wait(System.nanoTime() + patience.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - until >= 0;
  }

  /** Waits one step; fails with the message if the time is over. */
  void orFail(String message) throws IOException {
    if (isOver()) {
      throw new IOException(message);
    }
    step();
  }

  void step() throws InterruptedIOException {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the database");
    }
  }
}
