package io.peerhub.connection;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings under {@code peerhub.connection.tls}; each key is described in {@code
 * reference.conf}.
 *
 * @param certificate the hub's certificate chain, PEM
 * @param key its key, PKCS 8, PEM
 * @param protocols the versions that are spoken
 * @param clients whether peers have to show a certificate of their own
 * @param reloadEvery how often the files are looked at
 * @param handshakeTimeout from the first record to the end of the handshake
 * @param waitingMax handshakes that may wait for a processor before a new one is refused
 */
public record TlsSettings(
    Path certificate,
    Path key,
    List<String> protocols,
    Clients clients,
    Duration reloadEvery,
    Duration handshakeTimeout,
    int waitingMax) {
  /** Whether a peer shows a certificate. */
  public enum ClientAuth {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /**
   * What is asked of a peer's certificate.
   *
   * @param authorities who may have issued it, PEM; empty where none is asked for
   * @param revoked lists of those that are revoked, PEM or DER; empty where none is consulted
   */
  public record Clients(ClientAuth auth, Optional<Path> authorities, Optional<Path> revoked) {
    /** Peers show no certificate. */
    public static final Clients NONE =
        new Clients(ClientAuth.NONE, Optional.empty(), Optional.empty());

    public Clients {
      if (auth != ClientAuth.NONE && authorities.isEmpty()) {
        throw new IllegalArgumentException("tls.client-auth needs tls.client-authorities");
      }
      if (auth == ClientAuth.NONE && (authorities.isPresent() || revoked.isPresent())) {
        throw new IllegalArgumentException(
            "tls.client-authorities and tls.client-revoked do nothing while tls.client-auth is none");
      }
    }
  }

  private static final Set<String> KNOWN = Set.of("TLSv1.3", "TLSv1.2");
  private static final Duration RELOAD_MIN = Duration.ofMillis(100);

  public TlsSettings {
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty() || !KNOWN.containsAll(protocols)) {
      throw new IllegalArgumentException("tls.protocols are TLSv1.3 and TLSv1.2");
    }
    if (reloadEvery.compareTo(RELOAD_MIN) < 0) {
      throw new IllegalArgumentException("tls.reload-every is at least " + RELOAD_MIN);
    }
    if (!handshakeTimeout.isPositive()) {
      throw new IllegalArgumentException("tls.handshake-timeout is above 0");
    }
    if (waitingMax < 1) {
      throw new IllegalArgumentException("tls.handshakes-waiting-max is at least 1");
    }
  }

  /** Reads the block {@code peerhub.connection.tls}; empty where there is no TLS. */
  static Optional<TlsSettings> from(Config config) {
    Optional<Path> certificate = path(config, "certificate");
    Optional<Path> key = path(config, "key");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException("tls.certificate and tls.key come together or not at all");
    }
    Clients clients =
        new Clients(
            clientAuth(config.getString("client-auth")),
            path(config, "client-authorities"),
            path(config, "client-revoked"));
    if (certificate.isEmpty() && clients.auth() != ClientAuth.NONE) {
      throw new IllegalArgumentException("tls.client-auth needs tls.certificate and tls.key");
    }
    return certificate.map(
        chain ->
            new TlsSettings(
                chain,
                key.get(),
                config.getStringList("protocols"),
                clients,
                config.getDuration("reload-every"),
                config.getDuration("handshake-timeout"),
                config.getInt("handshakes-waiting-max")));
  }

  private static ClientAuth clientAuth(String text) {
    return switch (text) {
      case "none" -> ClientAuth.NONE;
      case "optional" -> ClientAuth.OPTIONAL;
      case "required" -> ClientAuth.REQUIRED;
      default ->
          throw new IllegalArgumentException(
              "tls.client-auth is none, optional or required, not " + text);
    };
  }

  private static Optional<Path> path(Config config, String key) {
    String text = config.getString(key);
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }
}
