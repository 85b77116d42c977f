package io.peerhub.client;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that runs other people's code besides the message handler: it completes futures and
 * calls the listener, in order. So neither can hold up the reading of the socket, nor a handler
 * that waits for a future.
 *
 * <p>Its queue is bounded by its feeder: the reader of the socket waits while {@value #BACKLOG_MAX}
 * notices are unread, which in the end makes the hub wait.
 */
final class Notifier implements Threads.Work {
  private static final int BACKLOG_MAX = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> notices = new ArrayDeque<>();
  private final AtomicLong failures = new AtomicLong();
  private volatile Thread thread;
  private boolean closed;

  /** Adds a notice; never waits. */
  void post(Runnable notice) {
    lock.lock();
    try {
      notices.add(notice);
      if (notices.size() == 1) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the backlog is small enough to read on. */
  void awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (notices.size() > BACKLOG_MAX && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the caller runs within a notice, and so must not wait for another one. */
  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Ends after what was posted so far. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What notices have thrown. */
  long failures() {
    return failures.get();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    for (Runnable notice = next(); notice != null; notice = next()) {
      try {
        notice.run();
      } catch (RuntimeException | Error thrown) {
        failures.incrementAndGet();
      }
    }
  }

  private Runnable next() {
    lock.lock();
    try {
      while (notices.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
      if (notices.size() == BACKLOG_MAX) {
        changed.signalAll();
      }
      return notices.poll();
    } finally {
      lock.unlock();
    }
  }
}
