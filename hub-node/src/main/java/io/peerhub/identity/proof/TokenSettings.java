package io.peerhub.identity.proof;

import com.typesafe.config.Config;
import io.peerhub.identity.device.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Which tokens are taken.
 *
 * @param keysFile the keys of whoever signs them, a JWK set
 * @param audience what has to be among the audiences of a token
 * @param issuer who has to have issued it; empty for whoever has a key
 * @param leeway by how much clocks may differ
 * @param firstContact what becomes of a device that comes with a token and is not in the store
 * @param workers signatures that are checked at once
 * @param waitingMax proofs that may wait for that
 */
public record TokenSettings(
    Path keysFile,
    String audience,
    String issuer,
    Duration leeway,
    Device.Status firstContact,
    int workers,
    int waitingMax) {
  private static final Duration LEEWAY_MAX = Duration.ofMinutes(5);

  public TokenSettings {
    if (keysFile.toString().isEmpty() || audience.isEmpty()) {
      throw new IllegalArgumentException(
          "auth token needs peerhub.identity.token.keys-file and an audience");
    }
    if (leeway.isNegative() || leeway.compareTo(LEEWAY_MAX) > 0) {
      throw new IllegalArgumentException("peerhub.identity.token.leeway is between 0 s and 5 min");
    }
    if (workers < 1 || workers > 64 || waitingMax < 1 || waitingMax > 100_000) {
      throw new IllegalArgumentException(
          "peerhub.identity.token.workers is between 1 and 64, waiting-max between 1 and 100000");
    }
  }

  /** Reads the block {@code peerhub.identity.token}. */
  public static TokenSettings from(Config config) {
    return new TokenSettings(
        Path.of(config.getString("keys-file")),
        config.getString("audience"),
        config.getString("issuer"),
        config.getDuration("leeway"),
        firstContact(config.getString("first-contact")),
        config.getInt("workers"),
        config.getInt("waiting-max"));
  }

  private static Device.Status firstContact(String text) {
    return switch (text) {
      case "pending", "approved" -> Device.Status.valueOf(text.toUpperCase(Locale.ROOT));
      default ->
          throw new IllegalArgumentException(
              "peerhub.identity.token.first-contact is pending or approved");
    };
  }
}
