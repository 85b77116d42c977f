package io.peerhub.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two nodes of which one is lost: the other goes on, whichever it is, and the lost one never does.
 */
@ExtendWith(SceneExtension.class)
class SplitIT {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  /** Of two the one with the lowest address would go on by majority, and nobody if that is dead. */
  @Test
  void whicheverIsKilledTheOtherServesAllPeers(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(NodeSettings.on(database.url()));
    TestNode second = scene.node(NodeSettings.on(database.url()));
    await().atMost(WITHIN).until(() -> nodes(database) == 2);
    outlives(first, second, database);
    first.start();
    await().atMost(WITHIN).until(() -> nodes(database) == 2);
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
    await().atMost(WITHIN).until(() -> nodes(database) == 1);
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void aNodeThatWasFrozenUntilItWasGivenUpEndsWhenItThaws(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(NodeSettings.on(database.url()));
    TestNode second = scene.node(NodeSettings.on(database.url()));
    await().atMost(WITHIN).until(() -> nodes(database) == 2);
    first.freeze();
    await().atMost(WITHIN).until(() -> nodes(database) == 1);
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
        assertThat(receiver.awaitLive(WITHIN)).as(bob).isTrue();
        assertThat(sender.awaitLive(WITHIN)).as(bob).isTrue();
        assertThat(sender.send(bob, "hi").get(30, TimeUnit.SECONDS))
            .isInstanceOf(Outcome.Accepted.class);
      }
    }
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
