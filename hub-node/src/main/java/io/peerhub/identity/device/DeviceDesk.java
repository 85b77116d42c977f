package io.peerhub.identity.device;

import io.peerhub.persistence.Database;
import io.peerhub.persistence.DeviceKeys;
import io.peerhub.persistence.DeviceRow;
import io.peerhub.persistence.DeviceStore;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.wire.HandshakeProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator does to devices. Everything is written to the database; the nodes hear of it
 * from there, so that it does not matter where it is done, and whether a node runs at all.
 *
 * <p>Each method waits for the database; after an {@link SQLException} it may have happened, and
 * doing it again does no harm.
 */
public final class DeviceDesk {
  /** The most devices of one page. */
  public static final int PAGE_MAX = DeviceStore.PAGE_MAX;

  /** Where the master key is looked for at the first need of it. */
  public interface Vault {
    KeyVault open() throws IOException;
  }

  private final DeviceStore store;
  private final DeviceKeys keys;
  private final Vault vault;
  private KeyVault opened;

  public DeviceDesk(Database database, Vault vault) {
    this.store = database.devices();
    this.keys = database.deviceKeys();
    this.vault = vault;
  }

  /** Whether this may be a key of {@code hmac}. */
  public static boolean isKey(byte[] key) {
    return key.length >= HandshakeProof.KEY_MIN;
  }

  /** Adds a device; false if it was there, whatever it is like then. */
  public boolean add(Identity identity, Device.Status status, Map<String, String> labels)
      throws SQLException {
    return store.add(identity, DeviceRow.Status.valueOf(status.name()), labels);
  }

  /**
   * Looks for the master key now.
   *
   * @throws IOException if there is none
   */
  public void prepare() throws IOException {
    vault();
  }

  /**
   * Gives a device another key of {@code hmac}; the newest one before stays valid beside it.
   *
   * @param alone whether those before it end now
   * @return false if there is no such device
   * @throws IOException if there is no master key
   */
  public boolean give(Identity identity, byte[] key, boolean alone)
      throws SQLException, IOException {
    return keys.put(identity, vault().seal(identity, Kind.HMAC, key), alone);
  }

  /**
   * Gives a device the hash of its password, in place of the one before.
   *
   * @param hash as it is stored
   * @return false if there is no such device
   * @throws IOException if there is no master key
   */
  public boolean givePassword(Identity identity, String hash) throws SQLException, IOException {
    byte[] text = hash.getBytes(StandardCharsets.US_ASCII);
    return keys.put(identity, vault().seal(identity, Kind.PASSWORD, text), true);
  }

  /**
   * Lets a device in, or shuts it out, which ends its sessions on every node.
   *
   * @return false if there is no such device
   */
  public boolean set(Identity identity, Device.Status status) throws SQLException {
    return store.setStatus(identity, DeviceRow.Status.valueOf(status.name()));
  }

  /** Writes some labels and removes others; false if there is no such device. */
  public boolean label(Identity identity, Map<String, String> set, List<String> remove)
      throws SQLException {
    return store.label(identity, set, remove);
  }

  public Optional<Device> find(Identity identity) throws SQLException {
    return store.find(identity).map(Device::of);
  }

  /**
   * Devices in the order of their names.
   *
   * @param after the last one of the page before; empty for the first page
   * @param limit at most {@link #PAGE_MAX}
   */
  public List<Device> page(Optional<Identity> after, int limit, Optional<Device.Status> status)
      throws SQLException {
    return store.page(after, limit, status.map(s -> DeviceRow.Status.valueOf(s.name()))).stream()
        .map(Device::of)
        .toList();
  }

  /** How many keys were sealed again, and how many could not be opened. */
  public record Resealed(int count, int unopened) {}

  /**
   * Seals every key again that an older master key has sealed, so that that one can go.
   *
   * @throws IOException if there is no master key
   */
  public Resealed reseal() throws SQLException, IOException {
    int count = 0;
    int unopened = 0;
    List<Device> page = page(Optional.empty(), PAGE_MAX, Optional.empty());
    while (!page.isEmpty()) {
      for (Device device : page) {
        for (SealedKey key : device.keys()) {
          if (!vault().isCurrent(key)) {
            Optional<SealedKey> again = vault().sealAgain(device.identity(), key);
            boolean done = again.isPresent() && keys.replace(device.identity(), again.get());
            count += done ? 1 : 0;
            unopened += again.isEmpty() ? 1 : 0;
          }
        }
      }
      page = page(Optional.of(page.getLast().identity()), PAGE_MAX, Optional.empty());
    }
    return new Resealed(count, unopened);
  }

  private synchronized KeyVault vault() throws IOException {
    if (opened == null) {
      opened = vault.open();
    }
    return opened;
  }
}
