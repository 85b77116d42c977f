package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Whether a commit on this server survives a power cut. The hub tells senders {@code accepted} by
 * the strength of a commit, so a server that is set up to forget is refused at start.
 *
 * <p>What it cannot see: a disk, or a virtual machine's cache, that lies about having written.
 */
final class Durability {

  private static final String ON = "on";

  private Durability() {}

  static void require(Connection connection) throws SQLException {
    require(connection, "fsync", Set.of(ON));
    require(connection, "full_page_writes", Set.of(ON));
    require(connection, "synchronous_commit", Set.of(ON, "remote_apply"));
  }

  private static void require(Connection connection, String setting, Set<String> allowed)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("show " + setting)) {
      result.next();
      String value = result.getString(1);
      if (!allowed.contains(value)) {
        throw new DatabaseStartFailure(
            "the database has "
                + setting
                + " = "
                + value
                + ": a confirmed message could be lost, so the hub does not start on it",
            null);
      }
    }
  }
}
