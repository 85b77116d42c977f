package io.peerhub.hub;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.cluster.DatabaseLease;
import io.peerhub.cluster.FormingSettings;
import io.peerhub.cluster.FormingSettings.ByDatabase;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * How a node becomes a member where it does not ask the database: it joins seed nodes, or itself;
 * and who goes on when members are lost.
 */
final class Joining {
  /** How long the database is asked who goes on, while it is away, before this side ends. */
  private static final Duration LEASE_PATIENCE = Duration.ofSeconds(120);

  private Joining() {}

  /** At once, without asking around: nobody else is meant to be there. */
  static void alone(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  static void seeds(ActorSystem<?> system, List<String> addresses) {
    List<Address> seeds = addresses.stream().map(AddressFromURIString::parse).toList();
    Cluster.get(system).manager().tell(new JoinSeedNodes(seeds));
  }

  /** What Pekko has to be told of who goes on when nodes lose sight of each other. */
  static Config deciding(FormingSettings forming) {
    boolean byLease = forming instanceof ByDatabase byDatabase && byDatabase.leaseDecides();
    return byLease
        ? ConfigFactory.parseString(
            """
            pekko.cluster.split-brain-resolver {
              active-strategy = lease-majority
              lease-majority.lease-implementation = "peerhub-lease"
            }
            peerhub-lease { lease-class = "%s", lease-operation-timeout = %ds }
            """
                .formatted(DatabaseLease.class.getName(), LEASE_PATIENCE.toSeconds()))
        : ConfigFactory.empty();
  }

  static String addressOf(ActorSystem<?> system) {
    return Cluster.get(system).selfMember().address().toString();
  }
}
