package io.peerhub.persistence;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.persistence.embedded.EmbeddedDatabase;
import io.peerhub.persistence.embedded.TestDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over a server that is the operator's as far as the database can tell. */
class DatabaseTest {

  @RegisterExtension final TestDirectory data = new TestDirectory();
  private EmbeddedDatabase server;
  private DatabaseSettings settings;

  @BeforeEach
  void startServer() throws IOException {
    server = EmbeddedDatabase.join(data.path());
    settings =
        PatientSettings.of(new DatabaseSettings.External(new DatabaseUrl(url(server.password()))));
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  @Test
  void opensWithTheSchemaOfThisHub() throws Exception {
    try (Database database = Database.open(settings);
        Connection connection = database.connections().getConnection()) {
      assertThat(Migrations.applied(connection)).isEqualTo(Migrations.KNOWN);
    }
  }

  @Test
  void knowsTheNumbersOfItsMigrations() throws Exception {
    assertThat(migrationFiles()).containsExactlyInAnyOrderElementsOf(Migrations.KNOWN);
  }

  @Test
  void migratesOnceWhenSeveralNodesStartAtOnce() throws Exception {
    Callable<Long> start =
        () -> {
          try (Database database = Database.open(settings)) {
            return database.terms().next().toCompletableFuture().join();
          }
        };
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> term : nodes.invokeAll(List.of(start, start, start, start))) {
        assertThat(term.get()).isBetween(1L, 4L);
      }
    }
    assertThat(query("select count(*) from peerhub.flyway_schema_history where version = '1'"))
        .isEqualTo("1");
  }

  @Test
  void leavesTheSchemaOfANewerHubAlone() throws Exception {
    Database.open(settings).close();
    execute(
        "insert into peerhub.flyway_schema_history select installed_rank + 100, '999',"
            + " description, type, script, checksum, installed_by, installed_on, execution_time,"
            + " success from peerhub.flyway_schema_history where version = '1'");
    try (Database older = Database.open(settings)) {
      assertThat(older.terms().next().toCompletableFuture().join()).isPositive();
    }
  }

  @Test
  void runsWhatIsMissingBelowTheMigrationsOfANewerHub() throws Exception {
    Database.open(settings).close();
    execute(
        "drop sequence peerhub.peer_term; update peerhub.flyway_schema_history set version ="
            + " '999', description = 'newer', script = 'V999__newer.sql', checksum = 1"
            + " where version = '1'");
    try (Database database = Database.open(settings);
        Connection connection = database.connections().getConnection()) {
      assertThat(database.terms().next().toCompletableFuture().join()).isEqualTo(1);
      assertThat(Migrations.applied(connection)).containsAll(Migrations.KNOWN).contains(999);
    }
  }

  @Test
  void saysThatAnotherNodeIsChangingTheSchemaForTooLong() throws Exception {
    try (Connection other = DriverManager.getConnection(url(server.password()));
        Statement statement = other.createStatement();
        Connection connection = DriverManager.getConnection(url(server.password()))) {
      statement.execute("select pg_advisory_lock(" + Migrations.LOCK + ")");
      assertThatThrownBy(() -> Migrations.migrate(connection, null, Duration.ofMillis(1)))
          .isInstanceOf(DatabaseStartFailure.class)
          .hasMessageContaining("another node");
    }
  }

  @Test
  void saysWhichMigrationHasFailed() throws Exception {
    Database.open(settings).close();
    execute("update peerhub.flyway_schema_history set success = false where version = '1'");
    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(DatabaseStartFailure.class)
        .hasMessageContaining("cannot prepare the database at")
        .hasMessageContaining("migration to version 1");
  }

  @Test
  void refusesAServerOnWhichACommitIsOnlyAHope() throws Exception {
    execute("alter role peerhub set synchronous_commit = off");
    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(DatabaseStartFailure.class)
        .hasMessageContaining("synchronous_commit = off");
  }

  @Test
  void saysWhichServerIsAwayWithoutItsPassword() throws Exception {
    server.close();
    // By now its port may be somebody else's, who may say anything, or nothing.
    DatabaseSettings impatient = DatabaseSettings.of(settings.source());
    assertThatThrownBy(() -> Database.open(impatient))
        .isInstanceOf(DatabaseStartFailure.class)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageNotContaining(server.password());
  }

  @Test
  void asksAServerAgainThatWasSilentAtFirst() throws Exception {
    try (SlowServer slow = new SlowServer(server.port())) {
      DatabaseSettings impatient = patientButForConnecting(slow);
      assertThatCode(() -> Database.open(impatient).close()).doesNotThrowAnyException();
    }
  }

  @Test
  void asksForTheRoleAgainWhereTheServerWasSilentAtFirst() throws Exception {
    try (SlowServer slow = new SlowServer(server.port())) {
      DatabaseSettings impatient = patientButForConnecting(slow);
      DatabaseSettings.External source = (DatabaseSettings.External) impatient.source();
      assertThat(DatabaseRole.isSuperuser(impatient, source)).isFalse();
    }
  }

  @Test
  void saysThatThePasswordIsWrongWithoutRepeatingIt() {
    DatabaseUrl wrong = new DatabaseUrl(url("not-the-password"));
    assertThatThrownBy(
            () -> Database.open(PatientSettings.of(new DatabaseSettings.External(wrong))))
        .isInstanceOf(DatabaseStartFailure.class)
        .hasMessageContaining("authentication failed")
        .hasMessageNotContaining("not-the-password");
  }

  /** The hub's own server has no way in for a superuser, so that only the other side is seen. */
  @Test
  void knowsThatAnOrdinaryRoleIsNoSuperuserAndWhenItCannotTell() throws Exception {
    DatabaseSettings.External source = (DatabaseSettings.External) settings.source();
    assertThat(DatabaseRole.isSuperuser(settings, source)).isFalse();

    server.close();
    DatabaseSettings impatient = DatabaseSettings.of(source);
    assertThatThrownBy(() -> DatabaseRole.isSuperuser(impatient, source))
        .isInstanceOf(java.sql.SQLException.class)
        .hasMessageNotContaining(server.password());
  }

  @Test
  void limitsHowLongAnythingMayTake() throws Exception {
    DatabaseSettings limited =
        new DatabaseSettings(
            settings.source(),
            settings.poolMax(),
            settings.connectTimeout(),
            Duration.ofSeconds(51),
            Duration.ofSeconds(41),
            Duration.ofSeconds(71),
            settings.termDeadline(),
            settings.termsWaitingMax());
    try (Database database = Database.open(limited);
        Connection connection = database.connections().getConnection()) {
      assertThat(query(connection, "show statement_timeout")).isEqualTo("51s");
      assertThat(query(connection, "show lock_timeout")).isEqualTo("41s");
      assertThat(query(connection, "show application_name")).isEqualTo("peerhub");
      assertThat(connection.getNetworkTimeout()).isEqualTo(71_000);
    }
  }

  @Test
  void countsItsConnectionsAndLeavesNoneBehind() throws Exception {
    String open = "select count(*) from pg_stat_activity where application_name = 'peerhub'";
    try (Database database = Database.open(settings)) {
      try (Connection _ = database.connections().getConnection()) {
        assertThat(database.activeConnections()).isEqualTo(1);
        assertThat(query(open)).isNotEqualTo("0");
      }
      await().until(() -> database.activeConnections() == 0 && database.idleConnections() > 0);
      assertThat(database.waitingForConnection()).isZero();
      assertThat(database.liveConnections()).isPositive();
      assertThat(database.openedConnections()).isGreaterThanOrEqualTo(database.liveConnections());
    }
    await().until(() -> query(open).equals("0"));
  }

  /** The attempts that follow the one that is given up have 10 s and 20 s. */
  private DatabaseSettings patientButForConnecting(SlowServer slow) {
    DatabaseUrl url = new DatabaseUrl(url(slow.port(), server.password()));
    DatabaseSettings patient = PatientSettings.of(new DatabaseSettings.External(url));
    return new DatabaseSettings(
        patient.source(),
        patient.poolMax(),
        Duration.ofSeconds(5),
        patient.statementTimeout(),
        patient.lockTimeout(),
        patient.socketTimeout(),
        patient.termDeadline(),
        patient.termsWaitingMax());
  }

  private String url(String password) {
    return url(server.port(), password);
  }

  private String url(int port, String password) {
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(server.host(), port, server.name(), server.name(), password);
  }

  private static List<Integer> migrationFiles() throws IOException, URISyntaxException {
    Path migrations = Path.of(Migrations.class.getResource("/db/migration").toURI());
    try (Stream<Path> files = Files.list(migrations)) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
          .toList();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(server.password()));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(server.password()))) {
      return query(connection, sql);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
