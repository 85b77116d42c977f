package io.peerhub.admin;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The operator's door: {@code peerhub.http}.
 *
 * @param host the address to listen on
 * @param port 0 takes a free one
 * @param access who may see what
 * @param maxConnections connections at once; further ones wait in the system's backlog
 * @param idleTimeout how long a connection may be silent
 * @param connectionLifetime how long a connection may last at all, so that one that sends a byte
 *     now and then does not keep its place
 * @param requestTimeout how long an answer may take
 */
public record AdminSettings(
    String host,
    int port,
    Access access,
    int maxConnections,
    Duration idleTimeout,
    Duration connectionLifetime,
    Duration requestTimeout) {

  /**
   * Who may see what.
   *
   * @param tokenFile where the token is
   * @param tokenGiven whether somebody else puts it there; else it is made if it is not there
   * @param hosts names by which the door may be called, besides its address; "*" for any
   * @param healthPublic whether health is for everybody who reaches the port
   * @param metricsPublic whether metrics are
   */
  public record Access(
      Path tokenFile,
      boolean tokenGiven,
      List<String> hosts,
      boolean healthPublic,
      boolean metricsPublic) {
    public Access {
      hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    private static Access from(Config config, Path data) {
      String given = config.getString("token-file");
      return new Access(
          given.isEmpty() ? data.resolve("admin.token") : Path.of(given),
          !given.isEmpty(),
          config.getStringList("hosts"),
          config.getBoolean("health-public"),
          config.getBoolean("metrics-public"));
    }
  }

  public AdminSettings {
    require(!host.isBlank(), "host is not empty");
    require(port >= 0 && port <= 65_535, "port is 0 to 65535");
    require(maxConnections >= 1, "max-connections is at least 1");
    require(isPositive(idleTimeout), "idle-timeout is more than nothing");
    require(isPositive(connectionLifetime), "connection-lifetime is more than nothing");
    require(isPositive(requestTimeout), "request-timeout is more than nothing");
  }

  /** Reads {@code peerhub.http}; the token stands in the node's data folder, unless it is given. */
  public static AdminSettings from(Config config, Path data) {
    return new AdminSettings(
        config.getString("host"),
        config.getInt("port"),
        Access.from(config, data),
        config.getInt("max-connections"),
        config.getDuration("idle-timeout"),
        config.getDuration("connection-lifetime"),
        config.getDuration("request-timeout"));
  }

  private static boolean isPositive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("peerhub.http: " + rule);
    }
  }
}
