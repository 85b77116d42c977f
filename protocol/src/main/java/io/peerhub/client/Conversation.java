package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.Liveness;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Where the threads of a client meet: one lock around the session, and who waits for what.
 *
 * <pre>
 *   senders ----send------->  [ session ]  --awaitBatch--> writer
 *   reader -----received--->               --awaitItem---> handler
 *   conductor --welcomed, lost, close-->   --notices-----> notifier (futures, listener)
 * </pre>
 *
 * <p>A reentrant lock, not a monitor: on Java 21 a virtual thread that waits in a monitor keeps its
 * carrier.
 */
final class Conversation {
  /** Acks are held back for so many more, or until the handler has nothing to do. */
  private static final int ACK_EVERY = 64;

  /** ... or for so long. */
  private static final long ACK_AFTER_NANOS = Duration.ofMillis(1).toNanos();

  final ReentrantLock lock = new ReentrantLock();
  final Condition writable = lock.newCondition();
  private final Condition handleable = lock.newCondition();
  final Condition room = lock.newCondition();
  final Condition timer = lock.newCondition();
  private final Condition changed = lock.newCondition();
  private final LongSupplier clock;
  final Notices notices;
  final Session session;
  private final Duration asked;
  private final int ackEvery;
  private Connection current;
  private Liveness liveness;
  private ClientState state = new ClientState.Connecting(Optional.empty());
  private long lastAckAt;
  private boolean isClosing;
  private boolean isByeDue;
  private boolean isClosed;
  private boolean isAbandoned;

  /**
   * @param clock nanoseconds, monotonic
   */
  Conversation(ClientSettings settings, Session session, Notices notices, LongSupplier clock) {
    this.session = session;
    this.notices = notices;
    this.clock = clock;
    this.asked = settings.heartbeat();
    this.ackEvery = Math.max(1, Math.min(ACK_EVERY, settings.window() / 4));
  }

  // Connections.

  Session.Opening opening() {
    lock.lock();
    try {
      return session.opening();
    } finally {
      lock.unlock();
    }
  }

  /** From here on this connection carries the session, and an earlier one nothing more. */
  void welcomed(Connection connection, Session.Opening opening, Frame.Welcome welcome) {
    lock.lock();
    try {
      if (isClosed) {
        return; // its writer ends at once, and its conductor closes it
      }
      notices.lost(session.welcomed(opening, welcome));
      current = connection;
      long now = clock.getAsLong();
      liveness = new Liveness(heartbeat(welcome).toNanos(), now);
      enter(
          new ClientState.Live(
              welcome.node(), welcome.session(), welcome.epoch(), welcome.resumed()));
      timer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Duration heartbeat(Frame.Welcome welcome) {
    return welcome.heartbeatMs() == 0 ? asked : Duration.ofMillis(welcome.heartbeatMs());
  }

  /** There is no connection, for this reason. */
  void lost(Exception cause) {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      current = null;
      liveness = null;
      boolean isFirst = state instanceof ClientState.Connecting;
      enter(isFirst ? new ClientState.Connecting(Optional.of(cause)) : new ClientState.Away(cause));
    } finally {
      lock.unlock();
    }
  }

  private void enter(ClientState next) {
    state = next;
    notices.state(next);
    signalAll();
  }

  void signalAll() {
    writable.signalAll();
    room.signalAll();
    changed.signalAll();
    handleable.signalAll();
  }

  /** Waits while there is more to tell the user than he keeps up with. */
  void awaitNotifiable() throws InterruptedException {
    notices.notifier().awaitRoom();
  }

  /** Takes what the hub said on a connection; from one that was followed by another it is void. */
  void received(Connection connection, List<Frame.FromHub> frames) {
    lock.lock();
    try {
      if (connection != current || frames.isEmpty()) {
        return;
      }
      liveness.heard(clock.getAsLong());
      for (Frame.FromHub frame : frames) {
        session.received(frame);
      }
      if (session.wantsToWrite()) {
        writable.signal();
      }
      if (session.inbox.hasNext()) {
        handleable.signal();
      }
      room.signalAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for something to write on this connection.
   *
   * @return false if it carries the session no more
   */
  boolean awaitBatch(Connection connection, List<Frame> batch) throws InterruptedException {
    lock.lock();
    try {
      while (current == connection) {
        session.fill(batch, clock.getAsLong());
        if (batch.isEmpty() && isByeDue) {
          batch.add(new Frame.Bye(""));
          isByeDue = false;
        }
        if (!batch.isEmpty()) {
          room.signalAll();
          changed.signalAll();
          return true;
        }
        writable.await();
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  // The handler.

  /** Waits for the next to be handled; null at the end. */
  Inbox.Item awaitItem() throws InterruptedException {
    lock.lock();
    try {
      while (!isAbandoned && !session.inbox.hasNext()) {
        if (isClosed) {
          return null;
        }
        handleable.await();
      }
      return isAbandoned ? null : session.inbox.next();
    } finally {
      lock.unlock();
    }
  }

  /**
   * An item was handled.
   *
   * @param reject what was wrong with it; empty if nothing was
   */
  void handled(Inbox.Item item, Optional<Frame.Reject> reject) {
    lock.lock();
    try {
      session.handled(item, reject);
      if (reject.isPresent()) {
        timer.signalAll();
      }
      long now = clock.getAsLong();
      if (!session.inbox.hasNext()
          || session.inbox.unacknowledged() >= ackEvery
          || reject.isPresent()
          || now - lastAckAt >= ACK_AFTER_NANOS) {
        lastAckAt = now;
        writable.signal();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  // The end.

  /** Takes nothing more, and waits until what it took is settled, as far as that can be now. */
  void drain(Duration limit, boolean isHandler) throws InterruptedException {
    lock.lock();
    try {
      isClosing = true;
      session.askIfUnsure();
      signalAll();
      long left = limit.toNanos();
      while (current != null
          && left > 0
          && !(session.isSettled() && (isHandler || session.inbox.unhandled() == 0))) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says good-bye, and waits until the hub has closed the connection. */
  void bye(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      isByeDue = current != null;
      writable.signalAll();
      long left = limit.toNanos();
      while (current != null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The end: everything still open is settled. Only the first call has an effect. */
  void close(Optional<Exception> cause) {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosing = true;
      isClosed = true;
      current = null;
      Exception reason = cause.orElse(null);
      session.outbox.close(reason);
      for (Requests.Pending pending : session.requests.all()) {
        session.requests.remove(pending.id());
        notices.failed(pending, new ClientClosedException(reason));
      }
      enter(new ClientState.Closed(cause));
      timer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What still waits for the handler is let go. */
  void abandon() {
    lock.lock();
    try {
      isAbandoned = true;
      handleable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // Called under the lock.

  long now() {
    return clock.getAsLong();
  }

  boolean isConnected() {
    return current != null;
  }

  boolean isClosing() {
    return isClosing;
  }

  boolean isClosed() {
    return isClosed;
  }

  ClientClosedException closedException() {
    return new ClientClosedException(
        state instanceof ClientState.Closed closed ? closed.cause().orElse(null) : null);
  }

  /** Asks for what is not sure, or for a sign of life, or gives the connection up. */
  void judgeSilence(long now) {
    if (current == null) {
      return;
    }
    switch (liveness.step(now)) {
      case WAIT -> session.askIfUnsure();
      case PING -> session.ask();
      case CLOSE ->
          current.close(new RefusedException(Refusal.SILENT, "the hub is silent for too long"));
    }
  }

  Optional<Long> silenceDue() {
    return current == null ? Optional.empty() : Optional.of(liveness.nextAt());
  }

  // For everybody.

  ClientState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  boolean awaitLive(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!(state instanceof ClientState.Live) && !isClosed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return state instanceof ClientState.Live;
    } finally {
      lock.unlock();
    }
  }

  ClientStats stats() {
    lock.lock();
    try {
      return session.stats();
    } finally {
      lock.unlock();
    }
  }
}
