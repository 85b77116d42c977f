package io.peerhub.persistence.rendezvous;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * What one node of a cluster has at a time. Every call waits for the database, for as long as its
 * timeouts allow, and throws {@link SQLException} while it is away: then nobody knows. For any
 * thread.
 *
 * <p>Guaranteed: two owners never have one lease at once, except that one who has said nothing in
 * the rendezvous for {@code silent} since it took it, or has been struck out there by then, has it
 * no longer, whether it knows that or not.
 */
public final class Leases {
  /** A lease is forgotten after this in any case. */
  private static final String LONGEST = "interval '120 seconds'";

  private static final String ACQUIRE =
      """
      insert into peerhub.lease as l (name, owner) values (?, ?)
      on conflict (name) do update set owner = excluded.owner, taken_at = clock_timestamp()
       where l.owner = excluded.owner
          or l.taken_at < clock_timestamp() - %s
          or l.taken_at < clock_timestamp() - ? * interval '1 millisecond'
             and not exists (
               select 1 from peerhub.cluster_node n
                where n.address = l.owner
                  and n.renewed_at > clock_timestamp() - ? * interval '1 millisecond')
      """
          .formatted(LONGEST);

  private final DataSource connections;
  private final Duration silent;

  /**
   * @param silent how long an owner may say nothing before its lease is free
   */
  public Leases(DataSource connections, Duration silent) {
    this.connections = connections;
    this.silent = silent;
  }

  /**
   * Takes the lease, or keeps it.
   *
   * @param owner the node's address, as it is enrolled
   * @return false if another node has it
   */
  public boolean acquire(String name, String owner) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
      statement.setString(1, name);
      statement.setString(2, owner);
      statement.setLong(3, silent.toMillis());
      statement.setLong(4, silent.toMillis());
      return statement.executeUpdate() == 1;
    }
  }

  /** Gives it back, if it is this owner's. */
  public void release(String name, String owner) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("delete from peerhub.lease where name = ? and owner = ?")) {
      statement.setString(1, name);
      statement.setString(2, owner);
      statement.executeUpdate();
    }
  }
}
