package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Who was seen when, many at once. Waits for the database like {@link DeviceStore}.
 *
 * <p>First contacts at the same time, of several nodes too, make one row. A row that would say much
 * the same as before is not written.
 */
public final class DeviceContacts {

  // Rows that are there are updated and locked in one order, whichever node comes with which: else
  // two nodes could wait for each other.
  private static final String RECORD =
      """
      insert into peerhub.device as d
             (name, device, status, first_seen, last_seen, last_address, last_client, last_version)
      select name, device, status, seen, seen, address, client, version
        from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::int[])
             contact (name, device, status, seen, address, client, version)
       order by name, device
      on conflict (name, device) do update
         set first_seen = coalesce(d.first_seen, excluded.first_seen),
             last_seen = excluded.last_seen,
             last_address = excluded.last_address,
             last_client = excluded.last_client,
             last_version = excluded.last_version
       where d.last_seen is null
          or d.last_seen + ? * interval '1 millisecond' <= excluded.last_seen
          or d.last_seen < excluded.last_seen
             and (d.last_address, d.last_client, d.last_version) is distinct from
                 (excluded.last_address, excluded.last_client, excluded.last_version)
      """;

  private final DataSource connections;

  DeviceContacts(DataSource connections) {
    this.connections = connections;
  }

  /**
   * Writes down what is news.
   *
   * @param contacts at most one of each identity
   * @param sameFor how old {@code last seen} has to be before it is written again for its own sake
   * @return how many rows were written
   */
  public int record(Collection<Contact> contacts, Duration sameFor) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(RECORD)) {
      List<Contact> all = List.copyOf(contacts);
      int column = 0;
      statement.setArray(++column, column(connection, all, "text", c -> c.identity().name()));
      statement.setArray(++column, column(connection, all, "text", c -> c.identity().device()));
      statement.setArray(
          ++column, column(connection, all, "text", c -> DeviceStore.text(c.ifNew())));
      statement.setArray(
          ++column, column(connection, all, "timestamptz", c -> DeviceStore.time(c.at())));
      statement.setArray(++column, column(connection, all, "text", Contact::address));
      statement.setArray(++column, column(connection, all, "text", Contact::client));
      statement.setArray(++column, column(connection, all, "int", Contact::version));
      statement.setLong(++column, sameFor.toMillis());
      return statement.executeUpdate();
    }
  }

  private static java.sql.Array column(
      Connection connection, List<Contact> contacts, String type, Function<Contact, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, contacts.stream().map(value).toArray());
  }
}
