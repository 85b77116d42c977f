package io.peerhub.persistence;

import io.peerhub.protocol.Identity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The keys of devices in the database, as they are sealed. Waits for the database like {@link
 * DeviceStore}.
 */
public final class DeviceKeys {

  /** The oldest of two makes room. */
  private static final String MAKE_ROOM =
      """
      delete from peerhub.device_key
       where device_id = ? and kind = ? and (? or id < (
         select max(id) from peerhub.device_key where device_id = ? and kind = ?))
      """;

  private static final String PUT =
      """
      insert into peerhub.device_key (device_id, key_id, kind, slot, master_key, nonce, sealed)
      select ?, ?, ?, case when exists (
               select 1 from peerhub.device_key where device_id = ? and kind = ? and slot = 1)
             then 2 else 1 end, ?, ?, ?
      """;

  private static final String REPLACE =
      """
      update peerhub.device_key k set master_key = ?, nonce = ?, sealed = ?
        from peerhub.device d
       where d.id = k.device_id and d.name = ? and d.device = ? and k.key_id = ? and k.kind = ?
      """;

  private final DataSource connections;

  DeviceKeys(DataSource connections) {
    this.connections = connections;
  }

  /**
   * Gives a device a key: beside its newest one of that kind, or in place of all of them.
   *
   * @param alone whether those before it end now
   * @return false if there is no such device
   */
  public boolean put(Identity identity, SealedKey key, boolean alone) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      connection.setAutoCommit(false);
      try {
        // The row is locked until the commit: two rotations at once come one after the other.
        OptionalLong device = lock(connection, identity);
        if (device.isPresent()) {
          makeRoom(connection, device.getAsLong(), key, alone);
          insert(connection, device.getAsLong(), key);
        }
        connection.commit();
        return device.isPresent();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /**
   * Puts the same key in its own place, sealed anew.
   *
   * @return false if it is not there any more
   */
  public boolean replace(Identity identity, SealedKey key) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(REPLACE)) {
      statement.setString(1, key.masterKey());
      statement.setBytes(2, key.nonce());
      statement.setBytes(3, key.sealed());
      statement.setString(4, identity.name());
      statement.setString(5, identity.device());
      statement.setString(6, key.keyId());
      statement.setString(7, DeviceStore.text(key.kind()));
      return statement.executeUpdate() == 1;
    }
  }

  /** By the id of each master key how many keys it has sealed. */
  public Map<String, Long> countByMasterKey() throws SQLException {
    String sql = "select master_key, count(*) from peerhub.device_key group by master_key";
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      Map<String, Long> counts = new TreeMap<>();
      while (result.next()) {
        counts.put(result.getString(1), result.getLong(2));
      }
      return counts;
    }
  }

  private static OptionalLong lock(Connection connection, Identity identity) throws SQLException {
    String sql = "select id from peerhub.device where name = ? and device = ? for update";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, identity.name());
      statement.setString(2, identity.device());
      ResultSet result = statement.executeQuery();
      return result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty();
    }
  }

  private static void makeRoom(Connection connection, long device, SealedKey key, boolean alone)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MAKE_ROOM)) {
      String kind = DeviceStore.text(key.kind());
      statement.setLong(1, device);
      statement.setString(2, kind);
      statement.setBoolean(3, alone);
      statement.setLong(4, device);
      statement.setString(5, kind);
      statement.executeUpdate();
    }
  }

  private static void insert(Connection connection, long device, SealedKey key)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUT)) {
      String kind = DeviceStore.text(key.kind());
      statement.setLong(1, device);
      statement.setString(2, key.keyId());
      statement.setString(3, kind);
      statement.setLong(4, device);
      statement.setString(5, kind);
      statement.setString(6, key.masterKey());
      statement.setBytes(7, key.nonce());
      statement.setBytes(8, key.sealed());
      statement.executeUpdate();
    }
  }
}
