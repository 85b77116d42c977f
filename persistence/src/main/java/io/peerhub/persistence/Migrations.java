package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema {@code peerhub} to this hub's version, with Flyway, from {@code db/migration}.
 *
 * <p>Nodes that start at once take turns under an advisory lock: Flyway has a lock of its own, but
 * only once its table exists, and two first nodes would race to create the schema. A schema that is
 * as new as this hub, or newer because a rolling update has begun, is left alone without loading
 * Flyway, which would cost a start several hundred milliseconds.
 */
final class Migrations {

  static final String SCHEMA = "peerhub";

  /** The number of the newest file in {@code db/migration}; a test compares them. */
  static final int NEWEST = 1;

  private static final String HISTORY = "flyway_schema_history";

  /** Any number, but the same in every version of the hub: "peer" in ASCII. */
  private static final long LOCK = 0x70656572L;

  private Migrations() {}

  /**
   * @param connection holds the lock meanwhile
   * @param connections for Flyway, without a limit on the time of a statement
   */
  static void migrate(Connection connection, DataSource connections) throws SQLException {
    if (version(connection) >= NEWEST) {
      return;
    }
    execute(connection, "select pg_advisory_lock(" + LOCK + ")");
    try {
      if (version(connection) < NEWEST) {
        flyway(connections).migrate();
      }
    } finally {
      execute(connection, "select pg_advisory_unlock(" + LOCK + ")");
    }
  }

  /** The schema's version, 0 if there is none. */
  static int version(Connection connection) throws SQLException {
    String history = SCHEMA + "." + HISTORY;
    try (Statement statement = connection.createStatement()) {
      try (ResultSet exists = statement.executeQuery("select to_regclass('" + history + "')")) {
        exists.next();
        if (exists.getString(1) == null) {
          return 0;
        }
      }
      String newest = "select coalesce(max(version::int), 0) from " + history + " where success";
      try (ResultSet version = statement.executeQuery(newest)) {
        version.next();
        return version.getInt(1);
      }
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
        .loggers("slf4j")
        .load();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
