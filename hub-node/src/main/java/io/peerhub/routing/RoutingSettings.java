package io.peerhub.routing;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The limits of routes. See {@code peerhub.routing} in {@code reference.conf} for each.
 *
 * @param maxRoutes open routes a loop; past it the least used are forgotten
 * @param maxHeldMessages messages that may wait for one route
 * @param maxHeldBytes bytes that may wait for one route
 * @param maxHeldBytesPerLoop bytes that may wait for all routes of a loop
 * @param askAgainAfter how long an answer about a seat is waited for
 * @param askCountMax how often a peer is asked for its seat
 * @param fenceTimeout how long a fence is waited for
 * @param link the limits of links
 */
public record RoutingSettings(
    int maxRoutes,
    int maxHeldMessages,
    long maxHeldBytes,
    long maxHeldBytesPerLoop,
    Duration askAgainAfter,
    int askCountMax,
    Duration fenceTimeout,
    LinkSettings link) {
  public RoutingSettings {
    require(maxRoutes >= 1, "max-routes is at least 1");
    require(maxHeldMessages >= 1, "max-held-messages is at least 1");
    require(maxHeldBytes >= 1024, "max-held-bytes is at least 1 KiB");
    require(
        maxHeldBytesPerLoop >= maxHeldBytes, "max-held-bytes-per-loop is at least max-held-bytes");
    require(askCountMax >= 1, "ask-count-max is at least 1");
    require(isPositive(askAgainAfter), "ask-again-after is more than nothing");
    require(isPositive(fenceTimeout), "fence-timeout is more than nothing");
  }

  /** Reads {@code peerhub.routing}. */
  public static RoutingSettings from(Config config) {
    return new RoutingSettings(
        config.getInt("max-routes"),
        config.getInt("max-held-messages"),
        config.getBytes("max-held-bytes"),
        config.getBytes("max-held-bytes-per-loop"),
        config.getDuration("ask-again-after"),
        config.getInt("ask-count-max"),
        config.getDuration("fence-timeout"),
        LinkSettings.from(config.getConfig("link")));
  }

  private static boolean isPositive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("peerhub.routing: " + rule);
    }
  }
}
