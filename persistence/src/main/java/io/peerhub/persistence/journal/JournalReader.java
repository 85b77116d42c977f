package io.peerhub.persistence.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Reads mailboxes back. Blocks: for virtual threads. Safe for any thread. */
public final class JournalReader {
  /** Takes a row, or the snapshot that was written with it. */
  @FunctionalInterface
  public interface Rows {
    void row(long seq, byte[] bytes, boolean snapshot);
  }

  private static final int FETCH = 64;

  private final DataSource connections;

  public JournalReader(DataSource connections) {
    this.connections = connections;
  }

  /**
   * Reads what is needed to go on with a mailbox: its snapshot, if there is one, and every row
   * behind it; few at a time are in memory. A mailbox that was never there is founded.
   *
   * @return why it is quarantined; null if it is not
   */
  public String load(String owner, Rows rows) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      found(connection, owner);
      connection.setAutoCommit(false);
      try {
        String quarantined = quarantined(connection, owner);
        if (quarantined == null) {
          long from = snapshot(connection, owner, rows);
          rows(connection, owner, from, rows);
        }
        return quarantined;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private static void found(Connection connection, String owner) throws SQLException {
    String sql = "insert into peerhub.mailbox (owner) values (?) on conflict do nothing";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.executeUpdate();
    }
  }

  private static String quarantined(Connection connection, String owner) throws SQLException {
    String sql = "select quarantined from peerhub.mailbox where owner = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  private static long snapshot(Connection connection, String owner, Rows rows) throws SQLException {
    String sql = "select seq, state from peerhub.snapshot where owner = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      try (ResultSet result = statement.executeQuery()) {
        if (!result.next()) {
          return 0;
        }
        rows.row(result.getLong(1), result.getBytes(2), true);
        return result.getLong(1);
      }
    }
  }

  private static void rows(Connection connection, String owner, long behind, Rows rows)
      throws SQLException {
    String sql = "select seq, event from peerhub.journal where owner = ? and seq > ? order by seq";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH);
      statement.setString(1, owner);
      statement.setLong(2, behind);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.row(result.getLong(1), result.getBytes(2), false);
        }
      }
    }
  }

  /** Reads these rows again, for the letters in them. */
  public void read(String owner, List<Long> seqs, Rows rows) throws SQLException {
    String sql =
        "select seq, event from peerhub.journal where owner = ? and seq = any (?) order by seq";
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.setObject(2, seqs.stream().mapToLong(Long::longValue).toArray());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.row(result.getLong(1), result.getBytes(2), false);
        }
      }
    }
  }

  /** Which of these have a mailbox with something in it. */
  public Set<String> withMail(List<String> owners) throws SQLException {
    String sql =
        "select owner from peerhub.mailbox where owner = any (?) and (pending > 0 or owed > 0)";
    Set<String> found = new HashSet<>();
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", owners.toArray(String[]::new)));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(result.getString(1));
        }
      }
    }
    return found;
  }

  /** Sets a mailbox aside until an operator has looked; its rows stay as they are. */
  public void quarantine(String owner, String why) throws SQLException {
    String sql = "update peerhub.mailbox set quarantined = ?, wake_at = null where owner = ?";
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, why);
      statement.setString(2, owner);
      statement.executeUpdate();
    }
  }

  /**
   * Mailboxes that have to be woken. Whoever asks gets each once; if it is not awake by then,
   * somebody gets it again after the pause.
   */
  public Set<String> due(long now, long pauseMs, int max) throws SQLException {
    String sql =
        """
        update peerhub.mailbox set wake_at = ?
         where owner in (select owner from peerhub.mailbox
                          where wake_at <= ? order by wake_at limit ? for update skip locked)
        returning owner
        """;
    Set<String> due = new HashSet<>();
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, now + pauseMs);
      statement.setLong(2, now);
      statement.setInt(3, max);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          due.add(result.getString(1));
        }
      }
    }
    return due;
  }
}
