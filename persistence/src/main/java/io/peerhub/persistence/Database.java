package io.peerhub.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import io.peerhub.persistence.embedded.EmbeddedDatabase;
import io.peerhub.persistence.rendezvous.Leases;
import io.peerhub.persistence.rendezvous.Rendezvous;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.GSSEncMode;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's database: a pool of connections to a server that was found durable, with the schema at
 * this hub's version.
 *
 * <p>Guaranteed: no wait without an end. Opening a connection, waiting for one, a statement, a lock
 * and a silent socket each have their limit in {@link DatabaseSettings}; a connection that was lost
 * is replaced when one is asked for. Not guaranteed: that the database is there. It may go away and
 * come back at any time after {@link #open}.
 */
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private static final String APPLICATION = "peerhub";
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final Duration MIGRATION_TURN = Duration.ofSeconds(45);
  private static final int FIRST_ATTEMPTS = 3;

  private final Optional<EmbeddedDatabase> embedded;
  private final PGSimpleDataSource server;
  private final HikariDataSource pool;
  private final LongAdder created;
  private final Terms terms;

  private Database(
      Optional<EmbeddedDatabase> embedded,
      PGSimpleDataSource server,
      HikariDataSource pool,
      LongAdder created,
      Terms terms) {
    this.embedded = embedded;
    this.server = server;
    this.pool = pool;
    this.created = created;
    this.terms = terms;
  }

  /**
   * Opens the database, starting the embedded server if it is embedded; blocks meanwhile. A server
   * that says nothing is waited for seven times as long as a connection may take later on.
   */
  public static Database open(DatabaseSettings settings) {
    Optional<EmbeddedDatabase> embedded = join(settings.source());
    try {
      PGSimpleDataSource server = server(settings, embedded);
      prepare(server, settings);
      LongAdder created = new LongAdder();
      HikariDataSource pool = pool(settings, server, created);
      return new Database(
          embedded,
          server,
          pool,
          created,
          new Terms(pool, settings.termDeadline(), settings.termsWaitingMax()));
    } catch (SQLException | FlywayException e) {
      leave(embedded);
      throw new DatabaseStartFailure(
          "cannot prepare the database at " + name(settings, embedded) + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      leave(embedded);
      throw e;
    }
  }

  public DataSource connections() {
    return pool;
  }

  public Terms terms() {
    return terms;
  }

  public DeviceStore devices() {
    return new DeviceStore(pool);
  }

  public DeviceKeys deviceKeys() {
    return new DeviceKeys(pool);
  }

  public DeviceContacts deviceContacts() {
    return new DeviceContacts(pool);
  }

  /** Tells the reader which identities change, until it is closed; not of when they were seen. */
  public ChangeFeed deviceChanges(ChangeFeed.Reader reader) {
    return ChangeFeed.start(server, "peerhub_device", reader);
  }

  /**
   * Where nodes on this database find each other, over a connection of its own.
   *
   * @param release this node's version
   */
  public Rendezvous rendezvous(String release) {
    return new Rendezvous(server, release);
  }

  /**
   * What one node of a cluster has at a time.
   *
   * @param silent how long a node may say nothing before what it has is free
   */
  public Leases leases(Duration silent) {
    return new Leases(pool, silent);
  }

  /** How many connections the pool has opened since it was made. */
  public long openedConnections() {
    return created.sum();
  }

  /** How many of them are open now. */
  public long liveConnections() {
    return poolState().map(HikariPoolMXBean::getTotalConnections).orElse(0);
  }

  public int activeConnections() {
    return poolState().map(HikariPoolMXBean::getActiveConnections).orElse(0);
  }

  public int idleConnections() {
    return poolState().map(HikariPoolMXBean::getIdleConnections).orElse(0);
  }

  /** Threads that wait for a connection of the pool. */
  public int waitingForConnection() {
    return poolState().map(HikariPoolMXBean::getThreadsAwaitingConnection).orElse(0);
  }

  /** Closes the pool and leaves the embedded server; idempotent. */
  @Override
  public void close() {
    terms.close();
    pool.close();
    leave(embedded);
  }

  private Optional<HikariPoolMXBean> poolState() {
    return Optional.ofNullable(pool.getHikariPoolMXBean());
  }

  private static Optional<EmbeddedDatabase> join(DatabaseSettings.Source source) {
    return switch (source) {
      case DatabaseSettings.Embedded own -> {
        try {
          yield Optional.of(EmbeddedDatabase.join(own.directory()));
        } catch (IOException e) {
          throw new DatabaseStartFailure(
              "cannot run a database in " + own.directory() + ": " + e.getMessage(), e);
        }
      }
      case DatabaseSettings.External _ -> Optional.empty();
    };
  }

  private static void leave(Optional<EmbeddedDatabase> embedded) {
    if (embedded.isPresent()) {
      try {
        embedded.get().close();
      } catch (IOException e) {
        // The server stays, as after a kill, and the next start adopts it.
        LOG.warn("The embedded database was left running: {}", e.getMessage());
      }
    }
  }

  /** Leaves the server with the limits that hold once the node serves somebody. */
  private static void prepare(PGSimpleDataSource server, DatabaseSettings settings)
      throws SQLException {
    try (Connection connection = firstConnection(server, settings.connectTimeout())) {
      Durability.require(connection);
      Migrations.migrate(connection, server, MIGRATION_TURN);
    }
    limitConnecting(server, settings.connectTimeout());
  }

  /**
   * Nobody is served yet, so a server that says nothing is asked again and given twice as long:
   * machines that all start at once are slow for a while. A server that refuses is believed.
   */
  private static Connection firstConnection(PGSimpleDataSource server, Duration connectTimeout)
      throws SQLException {
    Duration given = connectTimeout;
    for (int attempt = 1; ; attempt++) {
      try {
        return server.getConnection();
      } catch (SQLException failed) {
        if (attempt == FIRST_ATTEMPTS || !isSilence(failed)) {
          throw failed;
        }
        LOG.warn("The database is asked again, for it was silent: {}", failed.getMessage());
        given = given.multipliedBy(2);
        limitConnecting(server, given);
      }
    }
  }

  /** The driver gives up either by itself, and then names no cause, or by its socket's limit. */
  private static boolean isSilence(SQLException failed) {
    return PSQLState.CONNECTION_UNABLE_TO_CONNECT.getState().equals(failed.getSQLState())
        && (failed.getCause() == null || failed.getCause() instanceof SocketTimeoutException);
  }

  private static void limitConnecting(PGSimpleDataSource server, Duration limit) {
    server.setConnectTimeout(seconds(limit));
    server.setLoginTimeout(seconds(limit));
  }

  /** A connection to an operator's server outside of any pool, for what is asked at the start. */
  static Connection firstConnection(DatabaseSettings settings, DatabaseSettings.External source)
      throws SQLException {
    PGSimpleDataSource server = server(DatabaseSettings.of(source), Optional.empty());
    server.setSocketTimeout(seconds(settings.socketTimeout()));
    return firstConnection(server, settings.connectTimeout());
  }

  private static PGSimpleDataSource server(
      DatabaseSettings settings, Optional<EmbeddedDatabase> embedded) {
    PGSimpleDataSource server = new PGSimpleDataSource();
    switch (settings.source()) {
      case DatabaseSettings.External external -> server.setUrl(external.url().value());
      case DatabaseSettings.Embedded _ -> address(server, embedded.orElseThrow());
    }
    server.setApplicationName(APPLICATION);
    server.setTcpKeepAlive(true);
    limitConnecting(server, settings.connectTimeout());
    return server;
  }

  private static void address(PGSimpleDataSource server, EmbeddedDatabase embedded) {
    server.setServerNames(new String[] {embedded.host()});
    server.setPortNumbers(new int[] {embedded.port()});
    server.setDatabaseName(embedded.name());
    server.setUser(embedded.name());
    server.setPassword(embedded.password());
    server.setSslmode("disable");
    server.setGssEncMode(GSSEncMode.DISABLE.value);
  }

  /** The pool fills in the background: the start does not wait for connections nobody needs yet. */
  private static HikariDataSource pool(
      DatabaseSettings settings, PGSimpleDataSource server, LongAdder created) {
    server.setSocketTimeout(seconds(settings.socketTimeout()));
    HikariConfig config = new HikariConfig();
    config.setPoolName(APPLICATION);
    config.setDataSource(server);
    config.setMaximumPoolSize(settings.poolMax());
    config.setMinimumIdle(1);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(settings.connectTimeout().toMillis());
    config.setValidationTimeout(settings.connectTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(
        "set statement_timeout = %d; set lock_timeout = %d"
            .formatted(settings.statementTimeout().toMillis(), settings.lockTimeout().toMillis()));
    config.setMetricsTrackerFactory((name, stats) -> new CountsOpened(created));
    return new HikariDataSource(config);
  }

  /** What Hikari tells of every connection that it opens. */
  private record CountsOpened(LongAdder created) implements IMetricsTracker {
    @Override
    public void recordConnectionCreatedMillis(long took) {
      created.increment();
    }
  }

  /** The driver counts in seconds, and 0 is for ever. */
  private static int seconds(Duration duration) {
    return (int) Math.max(1, duration.plusMillis(999).toSeconds());
  }

  private static String name(DatabaseSettings settings, Optional<EmbeddedDatabase> embedded) {
    return switch (settings.source()) {
      case DatabaseSettings.External external -> external.url().toString();
      case DatabaseSettings.Embedded own ->
          own.directory() + " (port " + embedded.orElseThrow().port() + ")";
    };
  }
}
