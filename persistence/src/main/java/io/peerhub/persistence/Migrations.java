package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema {@code peerhub} to this hub's version, with Flyway, from {@code db/migration}.
 *
 * <p>Nodes that start at once take turns under an advisory lock: Flyway has a lock of its own, but
 * only once its table exists, and two first nodes would race to create the schema. A schema that
 * has all that this hub knows, and maybe more because a rolling update has begun, is left alone
 * without loading Flyway, which would cost a start several hundred milliseconds.
 *
 * <p>Numbers are given out in ranges, one for each concern (devices 10 to 19, the cluster 20 to 29,
 * the journal 100 to 149, rooms 150 to 179), so that a lower one may come later than a higher one:
 * what is missing is asked for by number, not by the highest, and Flyway runs it out of order.
 * Hence a migration touches the tables of its own concern alone.
 */
final class Migrations {

  static final String SCHEMA = "peerhub";

  /** The numbers of the files in {@code db/migration}; a test compares them. */
  static final Set<Integer> KNOWN = Set.of(1, 10, 20, 21, 100);

  private static final String HISTORY = "flyway_schema_history";

  /** Any number, but the same in every version of the hub: "peer" in ASCII. */
  static final long LOCK = 0x70656572L;

  /** What the server calls a lock that was not to be had in time. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private Migrations() {}

  /**
   * @param connection holds the lock meanwhile
   * @param connections for Flyway, without a limit on the time of a statement
   * @param turn how long another node's migration is waited for
   * @throws DatabaseStartFailure if it is not this node's turn within that time
   */
  static void migrate(Connection connection, DataSource connections, Duration turn)
      throws SQLException {
    if (applied(connection).containsAll(KNOWN)) {
      return;
    }
    lock(connection, turn);
    try {
      if (!applied(connection).containsAll(KNOWN)) {
        flyway(connections).migrate();
      }
    } finally {
      execute(connection, "select pg_advisory_unlock(" + LOCK + ")");
    }
  }

  /** The numbers of the migrations that this database has. */
  static Set<Integer> applied(Connection connection) throws SQLException {
    String history = SCHEMA + "." + HISTORY;
    Set<Integer> applied = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet exists = statement.executeQuery("select to_regclass('" + history + "')")) {
        exists.next();
        if (exists.getString(1) == null) {
          return applied;
        }
      }
      // The row of the schema itself has no version.
      String versions =
          "select version::int from " + history + " where success and version is not null";
      try (ResultSet version = statement.executeQuery(versions)) {
        while (version.next()) {
          applied.add(version.getInt(1));
        }
      }
    }
    return applied;
  }

  private static void lock(Connection connection, Duration turn) throws SQLException {
    execute(connection, "set lock_timeout = " + turn.toMillis());
    try {
      execute(connection, "select pg_advisory_lock(" + LOCK + ")");
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw new DatabaseStartFailure(
            "another node has been changing the schema for " + turn.toSeconds() + " s", e);
      }
      throw e;
    }
  }

  private static Flyway flyway(DataSource connections) {
    return Flyway.configure()
        .dataSource(connections)
        .schemas(SCHEMA)
        .defaultSchema(SCHEMA)
        .createSchemas(true)
        .table(HISTORY)
        .locations("classpath:db/migration")
        .outOfOrder(true)
        // Those that a newer hub has run already, whether their numbers are higher or between ours.
        .ignoreMigrationPatterns("*:missing", "*:future")
        .loggers("slf4j")
        .load();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
