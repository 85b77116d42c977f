package io.peerhub.persistence.rendezvous;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.PatientSettings;
import io.peerhub.persistence.embedded.TestDirectory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RendezvousTest {
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
  void nobodyIsThere() throws SQLException {
    run("delete from peerhub.cluster_node");
  }

  @AfterEach
  void end() {
    opened.forEach(Rendezvous::close);
  }

  @Test
  void whoIsStruckOutFindsThatItCountsNoLongerAndItsSuccessorDoes() throws SQLException {
    Rendezvous first = node();
    UUID cluster = first.found(first.look(true)).orElseThrow();
    assertThat(first.enroll(cluster, "first", 1)).isTrue();
    Rendezvous sleeper = node();
    assertThat(sleeper.enroll(cluster, "same", 2)).isTrue();
    Rendezvous successor = node();
    assertThat(successor.enroll(cluster, "same", 3)).isTrue();

    first.strikeOut("same", 2);
    assertThat(sleeper.renew()).isFalse();
    assertThat(successor.renew()).isTrue();
    assertThat(first.renew()).isTrue();
  }

  @Test
  void showsWhoHasEnrolledAndHowOftenTheyRenewed() throws SQLException {
    Rendezvous first = node();
    UUID cluster = first.found(first.look(true)).orElseThrow();
    assertThat(first.enroll(cluster, "first", 1)).isTrue();
    assertThat(first.renew()).isTrue();
    assertThat(first.renew()).isTrue();
    Rendezvous second = node();
    assertThat(second.enroll(cluster, "second", 1)).isTrue();

    run(
        "update peerhub.cluster_node set renewed_at = renewed_at - interval '1 day'"
            + " where address = 'second'");
    Sighting seen = node().look(false);
    assertThat(seen.cluster()).isEqualTo(cluster);
    assertThat(seen.locked()).isFalse();
    assertThat(seen.rows()).extracting(Sighting.Row::address).containsExactly("first", "second");
    assertThat(seen.rows()).extracting(Sighting.Row::renewals).containsExactly(2L, 0L);
    assertThat(seen.rows()).extracting(Sighting.Row::release).containsOnly("1.0");
    assertThat(seen.rows()).extracting(row -> row.age().toDays()).containsExactly(0L, 1L);
    assertThat(seen.rows()).noneMatch(row -> row.age().isNegative());

    second.close();
    assertThat(first.look(false).rows()).extracting(Sighting.Row::address).containsExactly("first");
  }

  @Test
  void enrollsOnceThoughTheAnswerWasLost() throws SQLException {
    Rendezvous node = node();
    UUID cluster = node.found(node.look(true)).orElseThrow();
    assertThat(node.enroll(cluster, "node", 1)).isTrue();
    assertThat(node.enroll(cluster, "node", 1)).isTrue();
    assertThat(node.look(false).rows()).hasSize(1);
  }

  @Test
  void letsOneAtATimeFoundAndTheNextWhenThatOneHasGone() throws SQLException {
    Rendezvous first = node();
    Rendezvous second = node();
    assertThat(first.look(true).locked()).isTrue();
    Sighting seen = second.look(true);
    assertThat(seen.locked()).isFalse();
    assertThat(second.found(seen)).isEmpty();
    first.close();
    await().until(() -> second.look(true).locked());
    second.unlock();
    assertThat(node().look(true).locked()).isTrue();
  }

  @Test
  void foundsNothingOnceSomebodyHasComeOrSpoken() throws SQLException {
    Rendezvous first = node();
    UUID cluster = first.found(first.look(true)).orElseThrow();
    first.unlock();
    Rendezvous second = node();
    Sighting empty = second.look(true);
    assertThat(first.enroll(cluster, "first", 1)).isTrue();
    assertThat(second.found(empty)).isEmpty();
    Sighting one = second.look(true);
    assertThat(first.renew()).isTrue();
    assertThat(second.found(one)).isEmpty();
    assertThat(first.renew()).isTrue();
  }

  @Test
  void endsWhoHasSleptThroughAFounding() throws SQLException {
    Rendezvous sleeper = node();
    UUID before = sleeper.found(sleeper.look(true)).orElseThrow();
    assertThat(sleeper.enroll(before, "sleeper", 1)).isTrue();
    sleeper.unlock();
    Rendezvous founder = node();
    Optional<UUID> founded = founder.found(founder.look(true));
    assertThat(founded).isPresent().isNotEqualTo(Optional.of(before));
    assertThat(sleeper.renew()).isFalse();
    assertThat(sleeper.enroll(before, "sleeper", 1)).isFalse();
    assertThat(founder.look(false).rows()).isEmpty();
  }

  @Test
  void losesTheRightWithItsConnectionAndSaysSo() throws SQLException {
    Rendezvous node = node();
    Sighting seen = node.look(true);
    assertThat(seen.locked()).isTrue();
    cutConnections();
    assertThatThrownBy(node::renew).isInstanceOf(SQLException.class);
    assertThat(node.look(false).locked()).isFalse();
    assertThat(node.found(seen)).isEmpty();
    assertThat(node.look(true).locked()).isTrue();
  }

  @Test
  void forgetsWhoWasKilledLongAgo() throws SQLException {
    Rendezvous node = node();
    UUID cluster = node.found(node.look(true)).orElseThrow();
    assertThat(node.enroll(cluster, "node", 1)).isTrue();
    run(
        "insert into peerhub.cluster_node values (gen_random_uuid(), 'killed', '"
            + cluster
            + "', '1.0', now(), now() - interval '61 minutes', 5)");
    assertThat(node.look(false).rows()).hasSize(2);
    assertThat(node().enroll(cluster, "newcomer", 1)).isTrue();
    assertThat(node.look(false).rows())
        .extracting(Sighting.Row::address)
        .containsExactly("node", "newcomer");
  }

  /** Whoever found what they had seen: exactly one of those that race stands in the end. */
  @Test
  void foundsOnceWhenManyTryAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      nobodyIsThere();
      List<Callable<Optional<UUID>>> tries = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Rendezvous node = node();
        tries.add(() -> node.found(node.look(true)));
      }
      List<UUID> founded = new ArrayList<>();
      try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Optional<UUID>> result : nodes.invokeAll(tries)) {
          result.get().ifPresent(founded::add);
        }
      }
      assertThat(founded).hasSize(1);
      assertThat(node().look(false).cluster()).isEqualTo(founded.getFirst());
      end();
      opened.clear();
    }
  }

  private Rendezvous node() {
    Rendezvous node = database.rendezvous("1.0");
    opened.add(node);
    return node;
  }

  private static void cutConnections() throws SQLException {
    run(
        "select pg_terminate_backend(pid) from pg_locks"
            + " where locktype = 'advisory' and pid <> pg_backend_pid()");
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
