package io.peerhub.cluster;

import io.peerhub.persistence.rendezvous.Leases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease by which Pekko's split-brain resolver ({@code lease-majority}) decides which nodes go
 * on. Pekko takes a failed call for a refusal and ends its side; so this answers "no" only when
 * another node has the lease, and while the database is away it asks on, for as long as {@code
 * lease-operation-timeout} allows. For any thread.
 */
public final class DatabaseLease extends Lease {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseLease.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Executor WAITING = task -> Thread.ofVirtual().name("lease").start(task);

  private final LeaseSettings settings;
  private final CompletableFuture<Leases> leases;
  private final Duration patience;
  private final String owner;
  private volatile boolean held;

  /** Called by Pekko. */
  public DatabaseLease(LeaseSettings settings, ExtendedActorSystem system) {
    this(settings, LeaseAccess.of(system).leases());
  }

  DatabaseLease(LeaseSettings settings, CompletableFuture<Leases> leases) {
    this.settings = settings;
    this.leases = leases;
    this.patience = settings.timeoutSettings().getOperationTimeout();
    // Pekko names a node without the protocol, the rendezvous with it.
    this.owner = "pekko://" + settings.ownerName();
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    return leases.thenApplyAsync(this::ask, WAITING);
  }

  /** The lease is not watched: it is needed for the moment of a decision. */
  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
    return acquire();
  }

  private boolean ask(Leases from) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        held = from.acquire(settings.leaseName(), owner);
        LOG.info(held ? "this side goes on: it has the lease" : "another side has the lease");
        return held;
      } catch (SQLException away) {
        if (System.nanoTime() - deadline >= 0) {
          throw new CompletionException(
              new TimeoutException("the database did not say who goes on: " + away.getMessage()));
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException end) {
      throw new CompletionException(end);
    }
  }

  /** If the database is away it is forgotten there in time. */
  @Override
  public CompletionStage<Boolean> release() {
    held = false;
    return leases.thenApplyAsync(
        from -> {
          try {
            from.release(settings.leaseName(), owner);
            return true;
          } catch (SQLException away) {
            throw new CompletionException(away);
          }
        },
        WAITING);
  }

  @Override
  public boolean checkLease() {
    return held;
  }
}
