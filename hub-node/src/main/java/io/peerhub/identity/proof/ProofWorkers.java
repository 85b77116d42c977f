package io.peerhub.identity.proof;

import io.peerhub.identity.proof.Proving.Finding;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A few threads for proofs that cost processor time and memory, so that no flood of them takes more
 * of either. The line before them ends: one more is turned away (4002), and so is who has waited so
 * long that nobody waits for the answer any more.
 */
public final class ProofWorkers implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads;
  private final long patience;
  private final LongSupplier nanos;

  /**
   * @param patience how long a proof may wait for its turn
   */
  public ProofWorkers(
      String name, int count, int waitingMax, Duration patience, LongSupplier nanos) {
    this.patience = patience.toNanos();
    this.nanos = nanos;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waitingMax),
            Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  CompletionStage<Finding> examine(Supplier<Finding> work) {
    long asked = nanos.getAsLong();
    try {
      return CompletableFuture.supplyAsync(
          () -> nanos.getAsLong() - asked > patience ? tooMany() : work.get(), threads);
    } catch (RejectedExecutionException full) {
      return CompletableFuture.completedFuture(tooMany());
    }
  }

  private static Finding tooMany() {
    return new Proving.Unable(Refusal.TOO_MANY);
  }

  /** Those that wait are not judged any more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
