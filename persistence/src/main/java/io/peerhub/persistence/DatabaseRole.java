package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the hub's role on an operator's server may do, asked before anything else is. */
public final class DatabaseRole {

  private static final String IS_SUPERUSER =
      "select bool_or(rolsuper) from pg_roles where rolname in (session_user, current_user)";

  private DatabaseRole() {}

  /**
   * Whether the role is a superuser, who may do everything on the whole server; blocks until the
   * server has answered, and asks a silent one again, as {@link Database#open} does.
   *
   * @throws SQLException if the server cannot be asked
   */
  public static boolean isSuperuser(DatabaseSettings settings, DatabaseSettings.External source)
      throws SQLException {
    try (Connection connection = Database.firstConnection(settings, source);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(IS_SUPERUSER)) {
      result.next();
      return result.getBoolean(1);
    }
  }
}
