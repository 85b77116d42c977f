package io.peerhub.hub;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.rendezvous.Rendezvous;
import io.peerhub.persistence.rendezvous.Sighting;
import io.peerhub.protocol.Frame;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes that find each other through the database. How long whom is waited for is FoundingTest's.
 * {@code -Dforming.rounds=50} founds as often as the promise was made for; here it is done once.
 */
class FormingTest {
  private static final int ROUNDS = Integer.getInteger("forming.rounds", 1);

  /** Nobody is taken for dead who only is slow: it may be silent for three times as long. */
  private static final String CALMLY = "5s";

  private static final String QUICKLY = "300ms";
  private final List<TestHub> hubs = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    while (!hubs.isEmpty()) {
      hubs.removeLast().close();
    }
  }

  @Test
  void fiveThatStartAtOneInstantAreOneCluster() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<Callable<TestHub>> starts = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        String host = "127.0.0." + i;
        starts.add(() -> start(host, CALMLY));
      }
      hubs.addAll(inParallel(starts));
      await().untilAsserted(this::areOneCluster);
      stop();
    }
  }

  @Test
  void aSecondNodeNeedsNoSettingAndPeersOfBothTalk() throws Exception {
    hubs.add(start("127.0.0.1", CALMLY));
    hubs.add(start("127.0.0.2", CALMLY));
    await().untilAsserted(this::areOneCluster);
    try (TestPeer bob = TestPeer.live(hubs.get(0).address(), Wire.JSON, "bob");
        TestPeer alice = TestPeer.live(hubs.get(1).address(), Wire.BINARY, "alice")) {
      alice.tell("bob", "hi");
      assertThat(bob.await(Frame.Message.class).from()).hasToString("alice");
    }
  }

  @Test
  void aNodeThatLeftLeavesNothingBehindAndOneThatDiedIsReplaced() throws Exception {
    start("127.0.0.1", QUICKLY).close();
    hubs.add(start("127.0.0.1", QUICKLY));
    assertThat(sighting().rows()).hasSize(1);
    UUID cluster = sighting().cluster();
    stop();
    assertThat(sighting().rows()).isEmpty();

    run(
        "insert into peerhub.cluster_node (incarnation, address, cluster, release)"
            + " select gen_random_uuid(), 'pekko://peerhub@127.0.0.9:1', id, '1'"
            + " from peerhub.cluster");
    hubs.add(start("127.0.0.1", QUICKLY));
    assertThat(sighting().cluster()).isNotEqualTo(cluster);
    assertThat(sighting().rows()).hasSize(1);
  }

  @Test
  void aNodeWhoseClusterWasReplacedEndsAndSendsItsPeersAway() throws Exception {
    TestHub sleeper = start("127.0.0.1", QUICKLY);
    hubs.add(sleeper);
    try (TestPeer bob = TestPeer.live(sleeper.address(), Wire.JSON, "bob")) {
      // What a newcomer does while all nodes are frozen.
      try (Database database = database();
          Rendezvous newcomer = database.rendezvous("1")) {
        Sighting seen = newcomer.look(true);
        await().until(() -> newcomer.found(newcomer.look(true)).isPresent());
        assertThat(newcomer.look(false).cluster()).isNotEqualTo(seen.cluster());
      }
      bob.await(Frame.Goaway.class);
      await()
          .until(() -> sleeper.node().system().getWhenTerminated().toCompletableFuture().isDone());
    }
  }

  private TestHub start(String host, String renewEvery) throws IOException {
    return TestHub.start(
        Map.of(
            "peerhub.cluster.forming",
            "database",
            "peerhub.cluster.renew-every",
            renewEvery,
            "peerhub.cluster.host",
            host,
            "peerhub.connection.host",
            host));
  }

  private void areOneCluster() throws Exception {
    Set<Set<String>> views = new HashSet<>();
    for (TestHub hub : hubs) {
      Set<String> up = new HashSet<>();
      for (Member member : Cluster.get(hub.node().system()).state().getMembers()) {
        if (member.status().equals(MemberStatus.up())) {
          up.add(member.address().toString());
        }
      }
      views.add(up);
    }
    assertThat(views).hasSize(1);
    assertThat(views.iterator().next()).hasSize(hubs.size());
    assertThat(sighting().rows()).hasSize(hubs.size());
  }

  private static Sighting sighting() throws SQLException {
    try (Database database = database();
        Rendezvous looker = database.rendezvous("test")) {
      return looker.look(false);
    }
  }

  private static void run(String sql) throws SQLException {
    try (Database database = database();
        Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Database database() {
    return Database.open(
        DatabaseSettings.of(
            new DatabaseSettings.Embedded(TestHub.DATA.toAbsolutePath().resolve("postgres"))));
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
    }
    return results;
  }
}
