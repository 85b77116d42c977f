package io.peerhub.persistence.rendezvous;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's way to the others. Every call waits for the database, for as long as its timeouts
 * allow, and throws {@link SQLException} while it is away; the next call then opens a new
 * connection. For any thread, one call at a time.
 *
 * <p>Guaranteed: at most one node may found at any time, since the right to it is a lock of the
 * connection, which the server takes back when the connection ends; and what {@link #found} and
 * {@link #enroll} rest on is true when they commit.
 */
public final class Rendezvous implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);

  /** Any number, but the same in every version of the hub: "meet" in ASCII. */
  private static final long LOCK = 0x6d656574L;

  /**
   * Each statement takes milliseconds, or waits for one that does. A node that is frozen while it
   * may found must not keep the others from it for ever: the server ends what is silent.
   */
  private static final String LIMITS =
      "set statement_timeout = 2000; set lock_timeout = 2000; set idle_session_timeout = 30000";

  private static final String ROWS =
      """
      select c.id, n.incarnation, n.address, n.release, n.renewals,
             extract(epoch from clock_timestamp() - n.renewed_at)
        from peerhub.cluster c left join peerhub.cluster_node n on n.cluster = c.id
       order by n.since, n.incarnation
      """;

  private static final String FOUND =
      "update peerhub.cluster set id = ?, founded_at = clock_timestamp()";

  private static final String FORGET =
      """
      delete from peerhub.cluster_node where renewed_at < clock_timestamp() - interval '1 hour'
      """;

  private static final String ENROLL =
      """
      insert into peerhub.cluster_node (incarnation, address, uid, cluster, release)
      select ?, ?, ?, id, ? from peerhub.cluster where id = ? for share
      """;

  private static final String STRIKE_OUT =
      "delete from peerhub.cluster_node where address = ? and uid = ?";

  private static final String RENEW =
      """
      update peerhub.cluster_node set renewed_at = clock_timestamp(), renewals = renewals + 1
       where incarnation = ?
      """;

  private final DataSource server;
  private final String release;
  private final UUID incarnation = UUID.randomUUID();
  private Connection connection;
  private boolean locked;
  private boolean closed;

  /**
   * @param server gives connections that nobody else uses
   * @param release this node's version
   */
  public Rendezvous(DataSource server, String release) {
    this.server = server;
    this.release = release;
  }

  /**
   * @param wantsLock whether this node would found a cluster if nobody is there; it keeps the lock
   *     until {@link #unlock}
   */
  public synchronized Sighting look(boolean wantsLock) throws SQLException {
    return within(
        own -> {
          if (wantsLock && !locked) {
            locked = asked(own, "select pg_try_advisory_lock(" + LOCK + ")");
          }
          return read(own);
        });
  }

  /** Gives the right to found a cluster back. */
  public synchronized void unlock() throws SQLException {
    if (locked) {
      within(own -> asked(own, "select pg_advisory_unlock(" + LOCK + ")"));
      locked = false;
    }
  }

  /**
   * Founds a cluster in place of whatever was there: who belonged to that finds no row any more.
   *
   * @param seen what this node has seen under the lock
   * @return its id; empty if the lock is lost or somebody has come or said something since
   */
  public synchronized Optional<UUID> found(Sighting seen) throws SQLException {
    return within(
        own -> {
          own.setAutoCommit(false);
          // Nobody enrols while this row is locked.
          run(own, "select id from peerhub.cluster for update");
          if (!locked || !read(own).isStill(seen)) {
            own.rollback();
            own.setAutoCommit(true);
            return Optional.empty();
          }
          UUID founded = UUID.randomUUID();
          run(own, "delete from peerhub.cluster_node");
          try (PreparedStatement update = own.prepareStatement(FOUND)) {
            update.setObject(1, founded);
            update.executeUpdate();
          }
          own.commit();
          own.setAutoCommit(true);
          return Optional.of(founded);
        });
  }

  /**
   * Enters this node among those that are up.
   *
   * @param cluster which one it has joined
   * @param address how others reach it
   * @param uid which life of that address this is
   * @return false if another cluster has been founded since
   */
  public synchronized boolean enroll(UUID cluster, String address, long uid) throws SQLException {
    return within(
        own -> {
          // Rows of nodes that were killed; one that was cut off for so long has drained long ago.
          run(own, FORGET);
          // An answer that was lost may have been a yes.
          if (renewed(own)) {
            return true;
          }
          try (PreparedStatement insert = own.prepareStatement(ENROLL)) {
            insert.setObject(1, incarnation);
            insert.setString(2, address);
            insert.setLong(3, uid);
            insert.setString(4, release);
            insert.setObject(5, cluster);
            return insert.executeUpdate() == 1;
          }
        });
  }

  /**
   * Takes another node's row away, which was given up by those that go on: should it still be
   * there, it finds that it counts no longer.
   */
  public synchronized void strikeOut(String address, long uid) throws SQLException {
    within(
        own -> {
          try (PreparedStatement delete = own.prepareStatement(STRIKE_OUT)) {
            delete.setString(1, address);
            delete.setLong(2, uid);
            return delete.executeUpdate();
          }
        });
  }

  /**
   * Says that this node is still there.
   *
   * @return false if it counts no longer
   */
  public synchronized boolean renew() throws SQLException {
    return within(this::renewed);
  }

  /** Takes the row away, as far as the database is there, and ends the connection; idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    try {
      within(
          own -> {
            try (PreparedStatement delete =
                own.prepareStatement("delete from peerhub.cluster_node where incarnation = ?")) {
              delete.setObject(1, incarnation);
              return delete.executeUpdate();
            }
          });
    } catch (SQLException away) {
      LOG.warn("this node's row stays in the database: {}", away.getMessage());
    }
    closed = true;
    disconnect();
  }

  private boolean renewed(Connection own) throws SQLException {
    try (PreparedStatement update = own.prepareStatement(RENEW)) {
      update.setObject(1, incarnation);
      return update.executeUpdate() == 1;
    }
  }

  private Sighting read(Connection own) throws SQLException {
    try (Statement statement = own.createStatement();
        ResultSet row = statement.executeQuery(ROWS)) {
      UUID cluster = null;
      List<Sighting.Row> rows = new ArrayList<>();
      while (row.next()) {
        cluster = row.getObject(1, UUID.class);
        if (row.getObject(2) != null) {
          rows.add(
              new Sighting.Row(
                  row.getObject(2, UUID.class),
                  row.getString(3),
                  row.getString(4),
                  row.getLong(5),
                  Duration.ofMillis(Math.round(row.getDouble(6) * 1000))));
        }
      }
      if (cluster == null) {
        throw new SQLException("the table peerhub.cluster has no row");
      }
      return new Sighting(cluster, rows, locked);
    }
  }

  private interface Call<T> {
    T on(Connection own) throws SQLException;
  }

  private <T> T within(Call<T> call) throws SQLException {
    if (closed) {
      throw new SQLException("the rendezvous is closed");
    }
    try {
      if (connection == null) {
        connection = server.getConnection();
        run(connection, LIMITS);
      }
      return call.on(connection);
    } catch (SQLException failed) {
      disconnect();
      throw failed;
    }
  }

  private void disconnect() {
    locked = false;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException gone) {
        LOG.debug("the connection was gone already: {}", gone.getMessage());
      }
      connection = null;
    }
  }

  private static boolean asked(Connection own, String query) throws SQLException {
    try (Statement statement = own.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      answer.next();
      return answer.getBoolean(1);
    }
  }

  private static void run(Connection own, String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }
}
