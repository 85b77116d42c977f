package io.peerhub.identity.device;

import io.peerhub.persistence.DeviceRow;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store knows of an identity.
 *
 * @param seen when, from where and by what it was let in; empty if it never was
 * @param keys its keys as they are sealed, the newest of a kind first
 */
public record Device(
    Identity identity,
    Status status,
    Map<String, String> labels,
    Optional<Seen> seen,
    List<SealedKey> keys) {
  /** Whether it is let in. */
  public enum Status {
    /** It has shown who it is, and waits for an operator. */
    PENDING,
    APPROVED,
    /** Shut out by an operator. */
    DISABLED
  }

  /**
   * The first and the last time that it was let in.
   *
   * @param address where it came from the last time, without the port
   * @param client what it calls itself
   * @param version of the wire that it speaks
   */
  public record Seen(Instant first, Instant last, String address, String client, int version) {}

  public Device {
    labels = Map.copyOf(labels);
    keys = List.copyOf(keys);
  }

  static Device of(DeviceRow row) {
    return new Device(
        row.identity(),
        Status.valueOf(row.status().name()),
        row.labels(),
        row.seen().map(s -> new Seen(s.first(), s.last(), s.address(), s.client(), s.version())),
        row.keys());
  }

  /** The keys of this kind. */
  public List<SealedKey> keys(Kind kind) {
    return keys.stream().filter(key -> key.kind() == kind).toList();
  }

  /** How many keys of {@code hmac} it has. */
  public int keyCount() {
    return keys(Kind.HMAC).size();
  }

  /** Whether it has a password. */
  public boolean hasPassword() {
    return !keys(Kind.PASSWORD).isEmpty();
  }

  /** Whether both have the same keys: a key that was replaced has another id. */
  public boolean hasKeysOf(Device other) {
    return ids().equals(other.ids());
  }

  private List<String> ids() {
    return keys.stream().map(key -> key.masterKey() + key.keyId()).toList();
  }
}
