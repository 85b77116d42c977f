package io.peerhub.cluster;

import io.peerhub.persistence.rendezvous.Leases;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * Hands the leases of the database to what Pekko makes by itself: a {@link DatabaseLease} is made
 * by its class name and gets the actor system alone. For any thread.
 */
public final class LeaseAccess implements Extension {
  private static final AbstractExtensionId<LeaseAccess> ID =
      new AbstractExtensionId<>() {
        @Override
        public LeaseAccess createExtension(ExtendedActorSystem system) {
          return new LeaseAccess();
        }
      };

  private final CompletableFuture<Leases> leases = new CompletableFuture<>();

  private LeaseAccess() {}

  /** That of this system. */
  public static LeaseAccess of(ActorSystem system) {
    return ID.get(system);
  }

  /** The database is there. */
  public void open(Leases opened) {
    leases.complete(opened);
  }

  CompletableFuture<Leases> leases() {
    return leases;
  }
}
