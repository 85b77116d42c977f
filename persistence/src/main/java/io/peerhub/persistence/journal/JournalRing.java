package io.peerhub.persistence.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of what the journal keeps. Rows lie in a ring of slots; one is written, the others are
 * the past. From time to time the next slot is emptied, whole, and written from then on: what is
 * still needed in it is carried into the present first. Blocks: for virtual threads.
 *
 * <p>Guaranteed: a row that a pending message or a replay needs is never lost, whenever this ends
 * in the middle; of several nodes one turns the ring; what is older than the time, or more than the
 * bytes, goes at the next turn, give or take a slot.
 */
public final class JournalRing {
  private static final Logger LOG = LoggerFactory.getLogger(JournalRing.class);

  /** As many as the schema has. */
  static final int SLOTS = 16;

  /** Any number, but the same in every version of the hub: "ring" in ASCII. */
  private static final long LOCK = 0x72696e67L;

  private static final String NOW =
      "select slot, roll, since from peerhub.journal_slot order by roll desc limit 1";

  private static final String CARRY_ROWS =
      """
      insert into peerhub.journal (slot, owner, seq, writer, at, event)
      select ?, j.owner, j.seq, j.writer, j.at, j.event
        from peerhub.journal j join peerhub.mailbox m on m.owner = j.owner
       where j.slot = ? and j.seq >= m.needed
      """;

  private static final String CARRY_KEYS =
      """
      insert into peerhub.message (slot, key, owner, seq)
      select ?, x.key, x.owner, x.seq
        from peerhub.message x join peerhub.mailbox m on m.owner = x.owner
       where x.slot = ? and x.seq >= m.needed
      """;

  private static final String TURN =
      """
      insert into peerhub.journal_slot (slot, roll, since) values (?, ?, ?)
      on conflict (slot) do update set roll = excluded.roll, since = excluded.since
      """;

  private record Present(int slot, long roll, long since) {}

  private final DataSource connections;
  private final Journal journal;
  private final long slotMs;
  private final long slotBytes;

  /**
   * @param keepFor how long what has happened is kept
   * @param keepBytes how much of it
   */
  public JournalRing(DataSource connections, Journal journal, Duration keepFor, long keepBytes) {
    this.connections = connections;
    this.journal = journal;
    this.slotMs = Math.max(1, keepFor.toMillis() / (SLOTS - 1));
    this.slotBytes = Math.max(1, keepBytes / (SLOTS - 1));
  }

  /**
   * Turns the ring if that is due, and writes to the present slot from now on.
   *
   * @param now wall clock, ms since 1970
   * @return whether it was turned here
   */
  public boolean turnIfDue(long now) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      connection.setAutoCommit(false);
      try {
        boolean turned = isMine(connection) && turn(connection, now);
        Present present = present(connection);
        connection.commit();
        journal.use(present.slot());
        return turned;
      } catch (SQLException failure) {
        connection.rollback();
        throw failure;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static boolean isMine(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("select pg_try_advisory_xact_lock(" + LOCK + ")")) {
      result.next();
      return result.getBoolean(1);
    }
  }

  private boolean turn(Connection connection, long now) throws SQLException {
    Present present = present(connection);
    if (now - present.since() < slotMs && bytes(connection, present.slot()) < slotBytes) {
      return false;
    }
    int next = (present.slot() + 1) % SLOTS;
    int rows = carry(connection, CARRY_ROWS, present.slot(), next);
    carry(connection, CARRY_KEYS, present.slot(), next);
    try (Statement statement = connection.createStatement()) {
      statement.execute("truncate peerhub.journal_" + next + ", peerhub.message_" + next);
    }
    try (PreparedStatement statement = connection.prepareStatement(TURN)) {
      statement.setInt(1, next);
      statement.setLong(2, present.roll() + 1);
      statement.setLong(3, now);
      statement.executeUpdate();
    }
    LOG.info("the journal goes on in slot {}; {} old rows are still needed", next, rows);
    return true;
  }

  private static int carry(Connection connection, String sql, int to, int from)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, to);
      statement.setInt(2, from);
      return statement.executeUpdate();
    }
  }

  private static Present present(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOW)) {
      if (!row.next()) {
        throw new SQLException("the table peerhub.journal_slot has no row");
      }
      return new Present(row.getInt(1), row.getLong(2), row.getLong(3));
    }
  }

  private static long bytes(Connection connection, int slot) throws SQLException {
    String sql =
        "select pg_total_relation_size('peerhub.journal_%d') + pg_total_relation_size('peerhub.message_%d')"
            .formatted(slot, slot);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }
}
