package io.peerhub.faults;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;
import static io.peerhub.testing.process.Patience.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.Outcome;
import io.peerhub.client.PeerHubClient;
import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two nodes of which one is lost: the other goes on, whichever it is, and the lost one never does.
 */
@ExtendWith(SceneExtension.class)
class SplitIT {
  /**
   * A decision takes less time than by default, and who only is slow is given more: this is about
   * what is decided.
   */
  private static final Map<String, String> DECIDED_SOON =
      Map.of(
          "pekko.cluster.failure-detector.acceptable-heartbeat-pause", "6s",
          "pekko.cluster.split-brain-resolver.stable-after", "2s");

  /** Of two the one with the lowest address would go on by majority, and nobody if that is dead. */
  @Test
  void whicheverIsKilledTheOtherServesAllPeers(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(settings(database));
    TestNode second = scene.node(settings(database));
    await().until(() -> nodes(database) == 2);
    outlives(first, second, database);
    first.start();
    await().until(() -> nodes(database) == 2);
    outlives(second, first, database);
  }

  private static void outlives(TestNode lost, TestNode other, TestDatabase database)
      throws Exception {
    lost.kill();
    long killed = System.nanoTime();
    serves(other);
    System.out.printf(
        "all peers are served %.1f s after the death of a node%n",
        (System.nanoTime() - killed) / 1e9);
    await().until(() -> nodes(database) == 1);
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void aNodeThatWasFrozenUntilItWasGivenUpEndsWhenItThaws(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(settings(database));
    TestNode second = scene.node(settings(database));
    await().until(() -> nodes(database) == 2);
    first.freeze();
    await().until(() -> nodes(database) == 1);
    serves(second);
    first.thaw();
    assertThat(first.child().awaitEnd()).isNotZero();
    assertThat(first.child().out() + first.child().err()).contains("this node ends");
    assertThat(second.isAlive()).isTrue();
    serves(second);
  }

  /** Peers whose shards were on either node can connect and are reached. */
  private static void serves(TestNode node) throws Exception {
    for (int i = 0; i < 8; i++) {
      String bob = "bob-" + i;
      try (PeerHubClient receiver =
              PeerHubClient.connect(CriticalFlow.settings(bob, node.server()));
          PeerHubClient sender =
              PeerHubClient.connect(CriticalFlow.settings("alice-" + i, node.server()))) {
        assertThat(receiver.awaitLive(PATIENCE)).as(bob).isTrue();
        assertThat(sender.awaitLive(PATIENCE)).as(bob).isTrue();
        assertThat(get(sender.send(bob, "hi"))).isInstanceOf(Outcome.Accepted.class);
      }
    }
  }

  private static NodeSettings settings(TestDatabase database) throws Exception {
    NodeSettings settings = NodeSettings.on(database.url());
    for (Map.Entry<String, String> each : DECIDED_SOON.entrySet()) {
      settings = settings.with(each.getKey(), each.getValue());
    }
    return settings;
  }

  private static int nodes(TestDatabase database) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from peerhub.cluster_node")) {
      result.next();
      return result.getInt(1);
    }
  }
}
