package io.peerhub.persistence;

import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The devices in the database: the table of who may connect, one row for each identity whatever
 * comes at once.
 *
 * <p>Every method asks the database and waits for it, within the limits of its pool: not for an
 * event loop. Every failure is an {@link SQLException}; after one of a writing method the write may
 * have happened, and doing it again does no harm. It knows no key but sealed ones.
 */
public final class DeviceStore {

  /** The most rows of one page, and the most identities of one question. */
  public static final int PAGE_MAX = 1000;

  private static final String COLUMNS =
      """
      select d.name, d.device, d.status,
             array(select key from jsonb_each_text(d.labels) order by key) label_names,
             array(select value from jsonb_each_text(d.labels) order by key) label_values,
             d.first_seen, d.last_seen, d.last_address, d.last_client, d.last_version,
             k.key_id, k.kind, k.master_key, k.nonce, k.sealed
        from %s d left join peerhub.device_key k on k.device_id = d.id
       order by d.name, d.device, k.id desc
      """;

  private static final String FIND =
      COLUMNS.formatted(
          """
          (select device.* from peerhub.device
            join unnest(?::text[], ?::text[]) asked (name, device) using (name, device))
          """);

  private static final String PAGE =
      COLUMNS.formatted(
          """
          (select * from peerhub.device
            where (name, device) > (?, ?) and (?::text is null or status = ?)
            order by name, device limit ?)
          """);

  private static final String ADD =
      """
      insert into peerhub.device (name, device, status, labels)
      values (?, ?, ?, jsonb_object(?::text[], ?::text[])) on conflict do nothing
      """;

  private static final String LABEL =
      """
      update peerhub.device
         set labels = (labels || jsonb_object(?::text[], ?::text[])) - ?::text[]
       where name = ? and device = ?
      """;

  private final DataSource connections;

  DeviceStore(DataSource connections) {
    this.connections = connections;
  }

  /** Those of the identities that have a row, at most {@link #PAGE_MAX} asked for at once. */
  public List<DeviceRow> find(Collection<Identity> identities) throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, names(connection, identities));
      statement.setArray(2, devices(connection, identities));
      return rows(statement.executeQuery());
    }
  }

  public Optional<DeviceRow> find(Identity identity) throws SQLException {
    return find(List.of(identity)).stream().findFirst();
  }

  /**
   * Rows in the order of name and device.
   *
   * @param after the last one of the page before, or empty for the first page
   * @param limit at most {@link #PAGE_MAX}
   */
  public List<DeviceRow> page(Optional<Identity> after, int limit, Optional<Status> status)
      throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, after.map(Identity::name).orElse(""));
      statement.setString(2, after.map(Identity::device).orElse(""));
      statement.setString(3, status.map(DeviceStore::text).orElse(null));
      statement.setString(4, status.map(DeviceStore::text).orElse(null));
      statement.setInt(5, Math.min(limit, PAGE_MAX));
      return rows(statement.executeQuery());
    }
  }

  /** Adds a device; false if it was there, whatever it is like then. */
  public boolean add(Identity identity, Status status, Map<String, String> labels)
      throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(ADD)) {
      List<Map.Entry<String, String>> entries = List.copyOf(labels.entrySet());
      statement.setString(1, identity.name());
      statement.setString(2, identity.device());
      statement.setString(3, text(status));
      statement.setArray(4, texts(connection, entries.stream().map(Map.Entry::getKey).toList()));
      statement.setArray(5, texts(connection, entries.stream().map(Map.Entry::getValue).toList()));
      return statement.executeUpdate() == 1;
    }
  }

  /** False if there is no such device. */
  public boolean setStatus(Identity identity, Status status) throws SQLException {
    String sql = "update peerhub.device set status = ? where name = ? and device = ?";
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, text(status));
      statement.setString(2, identity.name());
      statement.setString(3, identity.device());
      return statement.executeUpdate() == 1;
    }
  }

  /** Writes some labels and removes others; false if there is no such device. */
  public boolean label(Identity identity, Map<String, String> set, Collection<String> remove)
      throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(LABEL)) {
      List<Map.Entry<String, String>> entries = List.copyOf(set.entrySet());
      statement.setArray(1, texts(connection, entries.stream().map(Map.Entry::getKey).toList()));
      statement.setArray(2, texts(connection, entries.stream().map(Map.Entry::getValue).toList()));
      statement.setArray(3, texts(connection, remove));
      statement.setString(4, identity.name());
      statement.setString(5, identity.device());
      return statement.executeUpdate() == 1;
    }
  }

  /** The identities that are shut out, at most so many, in order. */
  public List<Identity> disabled(int limit) throws SQLException {
    String sql =
        "select name, device from peerhub.device where status = 'disabled'"
            + " order by name, device limit ?";
    try (Connection connection = connections.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, limit);
      List<Identity> found = new ArrayList<>();
      ResultSet result = statement.executeQuery();
      while (result.next()) {
        found.add(identity(result));
      }
      return found;
    }
  }

  static Array names(Connection connection, Collection<Identity> identities) throws SQLException {
    return texts(connection, identities.stream().map(Identity::name).toList());
  }

  static Array devices(Connection connection, Collection<Identity> identities) throws SQLException {
    return texts(connection, identities.stream().map(Identity::device).toList());
  }

  static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** The lines of one device follow each other, one for each key. */
  private static List<DeviceRow> rows(ResultSet result) throws SQLException {
    List<DeviceRow> rows = new ArrayList<>();
    List<SealedKey> keys = new ArrayList<>();
    DeviceRow row = null;
    while (result.next()) {
      Identity identity = identity(result);
      if (row == null || !row.identity().equals(identity)) {
        add(row, keys, rows);
        row = row(identity, result);
      }
      if (result.getString("key_id") != null) {
        keys.add(key(result));
      }
    }
    add(row, keys, rows);
    return rows;
  }

  private static void add(DeviceRow row, List<SealedKey> keys, List<DeviceRow> rows) {
    if (row != null) {
      rows.add(new DeviceRow(row.identity(), row.status(), row.labels(), row.seen(), keys));
      keys.clear();
    }
  }

  private static DeviceRow row(Identity identity, ResultSet result) throws SQLException {
    return new DeviceRow(
        identity,
        Status.valueOf(result.getString("status").toUpperCase(Locale.ROOT)),
        labels(result),
        seen(result),
        List.of());
  }

  private static Map<String, String> labels(ResultSet result) throws SQLException {
    String[] names = (String[]) result.getArray("label_names").getArray();
    String[] values = (String[]) result.getArray("label_values").getArray();
    Map<String, String> labels = new java.util.HashMap<>();
    for (int i = 0; i < names.length; i++) {
      // What somebody wrote by hand may be no text.
      labels.put(names[i], values[i] == null ? "" : values[i]);
    }
    return labels;
  }

  private static Optional<DeviceRow.Seen> seen(ResultSet result) throws SQLException {
    OffsetDateTime first = result.getObject("first_seen", OffsetDateTime.class);
    OffsetDateTime last = result.getObject("last_seen", OffsetDateTime.class);
    if (first == null || last == null) {
      return Optional.empty();
    }
    return Optional.of(
        new DeviceRow.Seen(
            first.toInstant(),
            last.toInstant(),
            result.getString("last_address"),
            result.getString("last_client"),
            result.getInt("last_version")));
  }

  private static SealedKey key(ResultSet result) throws SQLException {
    return new SealedKey(
        result.getString("key_id"),
        SealedKey.Kind.valueOf(result.getString("kind").toUpperCase(Locale.ROOT)),
        result.getString("master_key"),
        result.getBytes("nonce"),
        result.getBytes("sealed"));
  }

  private static Identity identity(ResultSet result) throws SQLException {
    String device = result.getString("device");
    String name = result.getString("name");
    return new Identity(device.isEmpty() ? name : name + "/" + device);
  }
}
