package io.peerhub.admin;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The operator's door: {@code peerhub.http}.
 *
 * @param host the address to listen on
 * @param port 0 takes a free one
 * @param tokenFile where the token is; made if it is not there
 * @param maxConnections connections at once; further ones wait in the system's backlog
 * @param idleTimeout how long a connection may be silent
 * @param connectionLifetime how long a connection may last at all, so that one that sends a byte
 *     now and then does not keep its place
 * @param requestTimeout how long an answer may take
 */
public record AdminSettings(
    String host,
    int port,
    Path tokenFile,
    int maxConnections,
    Duration idleTimeout,
    Duration connectionLifetime,
    Duration requestTimeout) {
  public AdminSettings {
    require(!host.isBlank(), "host is not empty");
    require(port >= 0 && port <= 65_535, "port is 0 to 65535");
    require(maxConnections >= 1, "max-connections is at least 1");
    require(isPositive(idleTimeout), "idle-timeout is more than nothing");
    require(isPositive(connectionLifetime), "connection-lifetime is more than nothing");
    require(isPositive(requestTimeout), "request-timeout is more than nothing");
  }

  /** Reads {@code peerhub.http}; the token stands in the node's data folder. */
  public static AdminSettings from(Config config, Path data) {
    return new AdminSettings(
        config.getString("host"),
        config.getInt("port"),
        data.resolve("admin.token"),
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
