package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;

import com.typesafe.config.Config;
import java.util.Map;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * Has the second of two nodes vanish for the first: from the cut on nothing crosses, and the first
 * takes it for dead.
 */
final class Severance {
  /** What both nodes are started with. */
  static final Map<String, Object> SETTINGS =
      Map.of(
          "pekko.remote.artery.advanced.test-mode", "on",
          "pekko.cluster.failure-detector.implementation-class", Suspicion.class.getName(),
          // Nothing is said at the end of an actor system: whoever is killed says nothing either.
          "pekko.coordinated-shutdown.run-by-actor-system-terminate", "off");

  /** Whether each node thinks that the other one is dead: by hand, not by how late it answers. */
  public static final class Suspicion implements FailureDetector {
    private static volatile boolean holds;
    private volatile boolean monitoring;

    /** As Pekko makes it. */
    public Suspicion(Config config, EventStream events) {}

    @Override
    public boolean isAvailable() {
      return !holds;
    }

    @Override
    public boolean isMonitoring() {
      return monitoring;
    }

    @Override
    public void heartbeat() {
      monitoring = true;
    }
  }

  private final TestHub first;
  private final TestHub second;

  Severance(TestHub first, TestHub second) {
    this.first = first;
    this.second = second;
    Suspicion.holds = false;
  }

  /** Each node notices that it does not hear the other one. */
  void suspect() {
    Suspicion.holds = true;
  }

  void awaitBothUp() {
    TestHub.awaitUp(first, second);
  }

  /** From now on nothing crosses, in either direction. */
  void cut() {
    silence(first, second);
    silence(second, first);
  }

  // Deprecated with the transports before Artery, and still the name of its orders for tests.
  @SuppressWarnings("deprecation")
  private static void silence(TestHub at, TestHub other) {
    Address address = AddressFromURIString.parse(other.node().clusterAddress());
    ThrottlerTransportAdapter.SetThrottle blackhole =
        new ThrottlerTransportAdapter.SetThrottle(
            address,
            ThrottlerTransportAdapter.bothDirection(),
            ThrottlerTransportAdapter.blackholeThrottleMode());
    ExtendedActorSystem system = (ExtendedActorSystem) Adapter.toClassic(at.node().system());
    RemoteActorRefProvider provider = (RemoteActorRefProvider) system.provider();
    try {
      Await.result(
          provider.transport().managementCommand(blackhole),
          Duration.create(PATIENCE.toSeconds(), "seconds"));
    } catch (Exception late) {
      throw new IllegalStateException("the transport did not take the order", late);
    }
  }

  /** The first node hears nothing of the second, takes it for dead, and is alone. */
  void declareDead() {
    suspect();
    Cluster cluster = Cluster.get(first.node().system());
    cluster.manager().tell(Down.apply(AddressFromURIString.parse(second.node().clusterAddress())));
    TestHub.eventually(() -> first.upCount() == 1 && members(cluster) == 1);
  }

  private static int members(Cluster cluster) {
    int count = 0;
    for (var ignored : cluster.state().getMembers()) {
      count++;
    }
    return count;
  }

  /** Ends what is left of the second node, without a word to anybody. */
  void endLost() {
    ActorSystem<?> system = second.node().system();
    system.terminate();
    TestHub.eventually(() -> system.getWhenTerminated().toCompletableFuture().isDone());
    second.close();
  }
}
