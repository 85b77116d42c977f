package io.peerhub.persistence.journal;

import io.peerhub.persistence.journal.JournalWrite.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows of mailboxes: whatever waits goes in one statement and one commit, on a few threads.
 *
 * <p>Guaranteed: {@code COMMITTED} is said only after the commit, and a row is written once,
 * whatever answers get lost; a row that fails harms no other. A mailbox has one write under way at
 * a time, so its rows need no order here. While the database is away, writes wait and are tried
 * again; how many wait is bounded by who calls: one for each mailbox. Safe for any thread.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int BATCH_MAX = 256;
  private static final long BATCH_MAX_BYTES = 4 << 20;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

  /** A write that takes longer than this is a sign that the database does not answer. */
  private static final long SLOW_NANOS = 2_000_000_000L;

  private record Waiting(JournalWrite write, CompletableFuture<Outcome> outcome) {}

  private final DataSource connections;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final List<Thread> writers = new ArrayList<>();
  private final AtomicLong committedCount = new AtomicLong();
  private final AtomicLong batchCount = new AtomicLong();
  private volatile boolean away;
  private volatile boolean closed;
  private volatile int slot;
  // When the batch that each writer works at was begun; 0 while it has none.
  private final AtomicLongArray busySince;

  /**
   * @param writers threads that write, 1 to 16, each with a connection while it does
   */
  public Journal(DataSource connections, int writers) {
    if (writers < 1 || writers > 16) {
      throw new IllegalArgumentException("journal writers are 1 to 16, not " + writers);
    }
    this.connections = connections;
    this.busySince = new AtomicLongArray(writers);
    for (int i = 0; i < writers; i++) {
      int writer = i;
      this.writers.add(Thread.ofPlatform().daemon().name("journal-" + i).start(() -> run(writer)));
    }
  }

  /** Writes a row; the outcome comes on a thread of the journal. Never fails. */
  public CompletionStage<Outcome> write(JournalWrite write) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    queue.add(new Waiting(write, outcome));
    if (closed) {
      letGo();
    }
    return outcome;
  }

  /** Whether the database is known not to take writes now: it failed, or it does not answer. */
  public boolean isAway() {
    if (away) {
      return true;
    }
    for (int i = 0; i < busySince.length(); i++) {
      long since = busySince.get(i);
      if (since != 0 && System.nanoTime() - since > SLOW_NANOS) {
        return true;
      }
    }
    return false;
  }

  /** Rows written since the start. */
  public long committedCount() {
    return committedCount.get();
  }

  /** Commits since the start: each carried the rows of all mailboxes that waited. */
  public long batchCount() {
    return batchCount.get();
  }

  /** Rows that wait. */
  public int waitingCount() {
    return queue.size();
  }

  /** New rows go there from now on. */
  void use(int slot) {
    this.slot = slot;
  }

  private void run(int writer) {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!closed) {
        Waiting first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          busySince.set(writer, System.nanoTime());
          gather(first, batch);
          writeAll(batch, writer);
          batch.clear();
          busySince.set(writer, 0);
        }
      }
    } catch (InterruptedException end) {
      batch.forEach(waiting -> waiting.outcome().complete(Outcome.CLOSED));
    }
  }

  private void gather(Waiting first, List<Waiting> batch) {
    batch.add(first);
    long bytes = first.write().event().length;
    Waiting next;
    while (batch.size() < BATCH_MAX && bytes < BATCH_MAX_BYTES && (next = queue.poll()) != null) {
      batch.add(next);
      bytes += next.write().event().length;
    }
  }

  /** Until each has an outcome, or the journal is closed. */
  private void writeAll(List<Waiting> batch, int writer) throws InterruptedException {
    List<Waiting> left = batch;
    while (!left.isEmpty()) {
      try {
        left = attempt(left);
        back();
        busySince.set(writer, System.nanoTime());
      } catch (SQLException failure) {
        if (isAboutTheRows(failure)) {
          eachAlone(left);
          return;
        }
        away(failure);
        Thread.sleep(RETRY_PAUSE);
      } catch (RuntimeException bug) {
        LOG.error("A batch of the journal cannot be written", bug);
        eachAlone(left);
        return;
      }
    }
  }

  /** One row that the database does not like must not harm the others. */
  private void eachAlone(List<Waiting> batch) throws InterruptedException {
    for (Waiting waiting : batch) {
      while (!waiting.outcome().isDone()) {
        try {
          attempt(List.of(waiting));
        } catch (SQLException failure) {
          if (isAboutTheRows(failure)) {
            LOG.error("A row of {} is refused: {}", waiting.write().owner(), failure.getMessage());
            waiting.outcome().complete(Outcome.REFUSED);
          } else {
            away(failure);
            Thread.sleep(RETRY_PAUSE);
          }
        } catch (RuntimeException bug) {
          LOG.error("A row of {} cannot be written", waiting.write().owner(), bug);
          waiting.outcome().complete(Outcome.REFUSED);
        }
      }
    }
  }

  /** Data and constraints (22, 23) say no to a row; all else says no to the moment. */
  private static boolean isAboutTheRows(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  /** Writes what can be, and gives back what has to be tried again. */
  private List<Waiting> attempt(List<Waiting> batch) throws SQLException {
    List<JournalWrite> writes = batch.stream().map(Waiting::write).toList();
    try (Connection connection = connections.getConnection()) {
      Set<String> moved = JournalStatement.write(connection, slot, writes);
      batchCount.incrementAndGet();
      for (Waiting waiting : batch) {
        JournalWrite write = waiting.write();
        // Not moved: somebody else did, or we did and never heard of it.
        boolean isThere =
            moved.contains(write.owner()) || JournalStatement.isWritten(connection, write);
        if (isThere) {
          committedCount.incrementAndGet();
        }
        waiting.outcome().complete(isThere ? Outcome.COMMITTED : Outcome.FENCED);
      }
      return List.of();
    }
  }

  private void away(SQLException failure) {
    if (!away && !closed) {
      LOG.warn("The journal cannot be written for now: {}", failure.getMessage());
    }
    away = true;
  }

  private void back() {
    if (away) {
      away = false;
      LOG.info("The journal is written again");
    }
  }

  private void letGo() {
    for (Waiting waiting; (waiting = queue.poll()) != null; ) {
      waiting.outcome().complete(Outcome.CLOSED);
    }
  }

  /** Ends the writers; what waits is told that its outcome is not known. Idempotent. */
  @Override
  public void close() {
    closed = true;
    writers.forEach(Thread::interrupt);
    letGo();
  }
}
