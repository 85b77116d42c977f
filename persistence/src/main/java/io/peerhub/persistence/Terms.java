package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms of peers: the high part of every epoch, one for each activation.
 *
 * <p>Guaranteed: a term is greater than every term that any node was given before it was asked for,
 * also across crashes of nodes and of the server; the answer comes within the deadline, as a term
 * or as a {@link DatabaseUnavailable}. Terms may be skipped. Calls that come while a query is under
 * way share the next one, so that a storm of activations costs a few queries, and no more than one
 * connection.
 *
 * <p>Why a bare {@code nextval} is not enough. PostgreSQL logs a sequence only every 32 values, and
 * ahead of them, so that a crash skips values and never repeats one. But only the transaction that
 * happened to log waits for the disk. Another one that is given the next value at that moment has
 * written nothing, its commit waits for nothing, and if the server dies before the first one's
 * record is on disk, the second one's value is given out again. Hence every query here also writes
 * an (empty, never read) message to the log: its commit then waits until the log up to there, and
 * so everything that any of its values stands on, is on disk.
 */
public final class Terms implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Terms.class);

  private static final String DRAW =
      """
      select nextval('peerhub.peer_term'),
             case when n = 1 then pg_logical_emit_message(true, 'peerhub', '') end
        from generate_series(1, ?) n
      """;

  private static final int BATCH_MAX = 4096;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private final DataSource connections;
  private final Duration deadline;
  private final int waitingMax;
  private final AtomicLong givenCount = new AtomicLong();
  private final AtomicLong failedCount = new AtomicLong();

  private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
  private boolean drawing;
  private volatile boolean closed;
  private volatile Exception away;

  Terms(DataSource connections, Duration deadline, int waitingMax) {
    this.connections = connections;
    this.deadline = deadline;
    this.waitingMax = waitingMax;
  }

  /** Asks for a term; fails with {@link DatabaseUnavailable} and nothing else. */
  public CompletionStage<Long> next() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    synchronized (waiting) {
      if (closed) {
        return failed(answer, DatabaseUnavailable.Reason.CLOSED);
      }
      if (waiting.size() >= waitingMax) {
        return failed(answer, DatabaseUnavailable.Reason.FULL);
      }
      waiting.add(answer);
      if (!drawing) {
        drawing = true;
        Thread.ofVirtual().name("terms").start(this::draw);
      }
    }
    Future<?> timer =
        ForkJoinPool.commonPool()
            .schedule(
                () -> failed(answer, DatabaseUnavailable.Reason.AWAY),
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
    answer.whenComplete((_, _) -> timer.cancel(false));
    return answer;
  }

  /** Whether the last attempt to reach the database failed. */
  public boolean isAway() {
    return away != null;
  }

  /** Terms given since the start. */
  public long givenCount() {
    return givenCount.get();
  }

  /** Calls that got no term since the start. */
  public long failedCount() {
    return failedCount.get();
  }

  public int waitingCount() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** Fails whoever waits; idempotent. */
  @Override
  public void close() {
    List<CompletableFuture<Long>> left;
    synchronized (waiting) {
      closed = true;
      left = new ArrayList<>(waiting);
      waiting.clear();
    }
    left.forEach(answer -> failed(answer, DatabaseUnavailable.Reason.CLOSED));
  }

  /** Runs on one virtual thread as long as somebody waits; never two at once. */
  private void draw() {
    for (List<CompletableFuture<Long>> batch = take(); !batch.isEmpty(); batch = take()) {
      try {
        long[] terms = query(batch.size());
        back();
        for (int i = 0; i < terms.length; i++) {
          if (batch.get(i).complete(terms[i])) {
            givenCount.incrementAndGet();
          }
        }
      } catch (SQLException | RuntimeException e) {
        away(e);
        putBack(batch);
        pause();
      }
    }
  }

  private List<CompletableFuture<Long>> take() {
    synchronized (waiting) {
      List<CompletableFuture<Long>> batch = new ArrayList<>();
      while (batch.size() < BATCH_MAX && !waiting.isEmpty()) {
        CompletableFuture<Long> answer = waiting.poll();
        if (!answer.isDone()) {
          batch.add(answer);
        }
      }
      drawing = !batch.isEmpty();
      return batch;
    }
  }

  /** Those whose deadline has not passed are tried again, in their old order. */
  private void putBack(List<CompletableFuture<Long>> batch) {
    synchronized (waiting) {
      if (!closed) {
        batch.reversed().forEach(waiting::addFirst);
        return;
      }
    }
    batch.forEach(answer -> failed(answer, DatabaseUnavailable.Reason.CLOSED));
  }

  private long[] query(int count) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      // A socket that went silent must not hold up everybody for longer than a caller waits.
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(deadline.toMillis()));
      try (PreparedStatement statement = connection.prepareStatement(DRAW)) {
        statement.setInt(1, count);
        return sorted(statement.executeQuery(), count);
      }
    }
  }

  private static long[] sorted(ResultSet result, int count) throws SQLException {
    long[] terms = new long[count];
    for (int i = 0; i < count; i++) {
      result.next();
      terms[i] = result.getLong(1);
    }
    Arrays.sort(terms);
    return terms;
  }

  private CompletableFuture<Long> failed(
      CompletableFuture<Long> answer, DatabaseUnavailable.Reason reason) {
    if (answer.completeExceptionally(new DatabaseUnavailable(reason, away))) {
      failedCount.incrementAndGet();
    }
    return answer;
  }

  private void away(Exception failure) {
    boolean news = away == null;
    away = failure;
    if (news && !closed) {
      LOG.warn("No terms for now, peers cannot be activated: {}", failure.getMessage());
    }
  }

  private void back() {
    if (away != null) {
      away = null;
      LOG.info("Terms are given again");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_PAUSE);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }
}
