package io.peerhub.identity.device;

import io.peerhub.persistence.DeviceRow;
import io.peerhub.persistence.SealedKey;
import io.peerhub.protocol.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store of devices in memory that can be away, and the vault whose keys are in it. */
public final class TestVault implements Lookups.Store {
  /** A master key of tests. */
  public static final String MASTER = "0123456789abcdef".repeat(4);

  public final KeyVault vault = new KeyVault(MasterKeys.parse("test", List.of(MASTER)));
  private final Map<Identity, DeviceRow> rows = new ConcurrentHashMap<>();

  /** How many questions were asked. */
  public volatile int questions;

  public volatile boolean away;

  /** A device with these keys, the newest first. */
  public void put(Identity identity, DeviceRow.Status status, byte[]... keys) {
    List<SealedKey> sealed =
        java.util.Arrays.stream(keys)
            .map(key -> vault.seal(identity, SealedKey.Kind.HMAC, key))
            .toList();
    put(new DeviceRow(identity, status, Map.of("role", "tester"), Optional.empty(), sealed));
  }

  public void put(DeviceRow row) {
    rows.put(row.identity(), row);
  }

  public DeviceRow row(Identity identity) {
    return rows.get(identity);
  }

  @Override
  public List<DeviceRow> find(Collection<Identity> identities) throws java.sql.SQLException {
    questions++;
    if (away) {
      throw new java.sql.SQLException("no connection");
    }
    return identities.stream().map(rows::get).filter(row -> row != null).toList();
  }

  /** Settings with times that a test moves through. */
  public static DeviceSettings settings(int cacheMax) {
    return new DeviceSettings(
        cacheMax,
        java.time.Duration.ofSeconds(60),
        java.time.Duration.ofSeconds(5),
        100,
        100,
        java.time.Duration.ofMillis(1),
        java.time.Duration.ofSeconds(60));
  }
}
