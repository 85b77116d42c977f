package io.peerhub.persistence;

import io.peerhub.protocol.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One identity as it is stored, with its keys as they are sealed.
 *
 * @param labels what operators have written about it, for people, permissions and limits
 * @param seen when, from where and by what it connected; empty if it never did
 * @param keys at most two of each kind, the newest first
 */
public record DeviceRow(
    Identity identity,
    Status status,
    Map<String, String> labels,
    Optional<Seen> seen,
    List<SealedKey> keys) {

  /** Whether it is let in. */
  public enum Status {
    /** It has come and waits for an operator. */
    PENDING,
    APPROVED,
    /** Shut out by an operator. */
    DISABLED
  }

  /**
   * When, from where and by what a peer connected.
   *
   * @param address the peer's address without its port
   * @param client what the peer calls itself: library and version
   * @param version of the wire that it spoke
   */
  public record Seen(Instant first, Instant last, String address, String client, int version) {}

  public DeviceRow {
    labels = Map.copyOf(labels);
    keys = List.copyOf(keys);
  }
}
