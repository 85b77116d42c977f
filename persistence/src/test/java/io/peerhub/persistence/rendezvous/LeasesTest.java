package io.peerhub.persistence.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.PatientSettings;
import io.peerhub.persistence.embedded.TestDirectory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeasesTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** Longer than a test takes, and shorter than a lease lasts in any case. */
  private static final Duration SILENT = Duration.ofSeconds(60);

  @RegisterExtension static final TestDirectory DATA = new TestDirectory();
  private static Database database;
  private final List<Rendezvous> opened = new ArrayList<>();

  @BeforeAll
  static void open() {
    database = Database.open(PatientSettings.of(new DatabaseSettings.Embedded(DATA.path())));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void twoNodesAreThere() throws SQLException {
    run("delete from peerhub.cluster_node");
    run("delete from peerhub.lease");
    Rendezvous first = node();
    UUID cluster = first.found(first.look(true)).orElseThrow();
    first.enroll(cluster, "a", 1);
    first.unlock();
    node().enroll(cluster, "b", 2);
  }

  @AfterEach
  void end() {
    opened.forEach(Rendezvous::close);
  }

  @Test
  void oneHasItAndKeepsItUntilItGivesItBack() throws SQLException {
    Leases leases = database.leases(LONG);
    assertThat(leases.acquire("split", "a")).isTrue();
    assertThat(leases.acquire("split", "b")).isFalse();
    assertThat(leases.acquire("split", "a")).isTrue();
    assertThat(leases.acquire("other", "b")).isTrue();
    leases.release("split", "b");
    assertThat(leases.acquire("split", "b")).isFalse();
    leases.release("split", "a");
    assertThat(leases.acquire("split", "b")).isTrue();
  }

  @Test
  void ofManyWhoAskAtOnceOneGetsIt() throws Exception {
    Leases leases = database.leases(LONG);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 20; round++) {
        String name = "race-" + round;
        List<Future<Boolean>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          String owner = i % 2 == 0 ? "a" : "b";
          asked.add(threads.submit(() -> leases.acquire(name, owner)));
        }
        int even = 0;
        int odd = 0;
        for (int i = 0; i < 8; i++) {
          boolean taken = asked.get(i).get();
          even += taken && i % 2 == 0 ? 1 : 0;
          odd += taken && i % 2 == 1 ? 1 : 0;
        }
        assertThat(List.of(even, odd)).containsExactlyInAnyOrder(0, 4);
      }
    }
  }

  @Test
  void whatTheDeadAndTheStruckOutHadIsFree() throws SQLException {
    Leases leases = database.leases(SILENT);
    assertThat(leases.acquire("split", "a")).isTrue();
    run("update peerhub.cluster_node set renewed_at = renewed_at - interval '61 seconds'");
    // It has said nothing since it took the lease; but that was just now.
    assertThat(leases.acquire("split", "b")).isFalse();
    run("update peerhub.lease set taken_at = taken_at - interval '61 seconds'");
    assertThat(database.leases(LONG).acquire("split", "b")).isFalse();
    assertThat(leases.acquire("split", "b")).isTrue();

    run("delete from peerhub.cluster_node where address = 'b'");
    assertThat(leases.acquire("split", "a")).isFalse();
    run("update peerhub.lease set taken_at = taken_at - interval '61 seconds'");
    assertThat(leases.acquire("split", "a")).isTrue();
  }

  @Test
  void itIsForgottenAfterTwoMinutesInAnyCase() throws SQLException {
    Leases leases = database.leases(LONG);
    assertThat(leases.acquire("split", "a")).isTrue();
    run("update peerhub.lease set taken_at = taken_at - interval '60 seconds'");
    assertThat(leases.acquire("split", "b")).isFalse();
    run("update peerhub.lease set taken_at = taken_at - interval '60 seconds'");
    assertThat(leases.acquire("split", "b")).isTrue();
  }

  private Rendezvous node() {
    Rendezvous node = database.rendezvous("1.0");
    opened.add(node);
    return node;
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
