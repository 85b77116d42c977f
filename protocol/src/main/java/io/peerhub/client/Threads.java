package io.peerhub.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The threads of one client: virtual, named, and known, so that closing can wait for the last. */
final class Threads {
  private final String prefix;

  /** A thread is forgotten only when it has really ended, not by its own last words. */
  private final List<Thread> started = new ArrayList<>();

  Threads(String peer) {
    this.prefix = "peerhub-" + peer + "-";
  }

  /** Work that ends at the latest when its client does, by an interrupt if need be. */
  interface Work {
    void run() throws InterruptedException;
  }

  void start(String role, Work work) {
    start(prepare(role, work));
  }

  synchronized void start(Thread prepared) {
    prepared.start();
    started.removeIf(thread -> !thread.isAlive());
    started.add(prepared);
  }

  private synchronized List<Thread> living() {
    return List.copyOf(started);
  }

  /** A thread that is yet to be started. */
  Thread prepare(String role, Work work) {
    return Thread.ofVirtual()
        .name(prefix + role)
        .unstarted(
            () -> {
              try {
                work.run();
              } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /**
   * Closes a transport unless what is returned is run in time: the one way to bound a step that
   * blocks in many places, byte after byte.
   */
  Runnable guard(Transport transport, Duration limit) {
    CountDownLatch done = new CountDownLatch(1);
    start(
        "guard",
        () -> {
          if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            transport.close();
          }
        });
    return done::countDown;
  }

  /** Waits for all threads but the caller's; tells whether they ended in time. */
  boolean join(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (Thread thread : living()) {
      if (thread != Thread.currentThread()
          && !thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
        return false;
      }
    }
    return true;
  }
}
