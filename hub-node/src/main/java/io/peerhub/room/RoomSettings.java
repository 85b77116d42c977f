package io.peerhub.room;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of rooms: {@code peerhub.room}.
 *
 * @param sendsPerSecond the most messages to one room in the long run
 * @param sendsBurst the most messages to one room at once
 * @param creditBytes what may be on the way between a room and one loop, in each direction
 * @param vacantFor how often a room looks whether anybody needs it
 * @param moveTimeout how long a member that moves to another session is waited for
 * @param presenceBatch the time over which changes among the members are told together
 * @param presencePerSecond the most presence frames of one room in the long run
 * @param presenceMaxMembers in larger rooms changes are not told
 * @param waitingMax how many may wait while a room starts
 * @param otherwise what holds for a room that no rule names
 * @param rules what holds for rooms of certain names; the first that fits counts
 */
public record RoomSettings(
    int sendsPerSecond,
    int sendsBurst,
    long creditBytes,
    Duration vacantFor,
    Duration moveTimeout,
    Duration presenceBatch,
    int presencePerSecond,
    int presenceMaxMembers,
    int waitingMax,
    RoomPolicy otherwise,
    List<Rule> rules) {
  /**
   * What holds for some rooms.
   *
   * @param match a name, or the beginning of one and {@code *}
   */
  public record Rule(String match, RoomPolicy policy) {
    boolean fits(String room) {
      return match.endsWith("*")
          ? room.startsWith(match.substring(0, match.length() - 1))
          : room.equals(match);
    }
  }

  public RoomSettings {
    within("sends-per-second", sendsPerSecond, 1, 100_000_000);
    within("sends-burst", sendsBurst, 1, 1_000_000);
    within("credit", creditBytes, 1024L, 1L << 30);
    within("vacant-for", vacantFor, Duration.ofMillis(1), Duration.ofHours(1));
    within("move-timeout", moveTimeout, Duration.ofMillis(1), Duration.ofHours(2));
    within("presence-batch", presenceBatch, Duration.ofMillis(1), Duration.ofMinutes(1));
    within("presence-per-second", presencePerSecond, 1, 100_000_000);
    within("presence-max-members", presenceMaxMembers, 0, 1_000_000);
    rules = List.copyOf(rules);
  }

  /** Reads the block {@code peerhub.room}. */
  public static RoomSettings from(Config config) {
    List<Rule> rules = new ArrayList<>();
    for (Config rule : config.getConfigList("rules")) {
      rules.add(new Rule(rule.getString("match"), policy(rule.withFallback(config))));
    }
    return new RoomSettings(
        config.getInt("sends-per-second"),
        config.getInt("sends-burst"),
        config.getBytes("credit"),
        config.getDuration("vacant-for"),
        config.getDuration("move-timeout"),
        config.getDuration("presence-batch"),
        config.getInt("presence-per-second"),
        config.getInt("presence-max-members"),
        config.getInt("waiting-max"),
        policy(config),
        rules);
  }

  private static RoomPolicy policy(Config config) {
    return new RoomPolicy(
        config.getInt("max-members"),
        config.getInt("history-count"),
        config.getBytes("history-bytes"),
        config.getDuration("history-age"));
  }

  /** What holds for this room. */
  RoomPolicy policy(String room) {
    for (Rule rule : rules) {
      if (rule.fits(room)) {
        return rule.policy();
      }
    }
    return otherwise;
  }

  /** How long changes in a room of this size wait for others. */
  Duration presenceBatch(int members) {
    Duration paced = Duration.ofMillis(1000L * members / presencePerSecond);
    return paced.compareTo(presenceBatch) > 0 ? paced : presenceBatch;
  }

  private static <T extends Comparable<T>> void within(String key, T value, T low, T high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          "peerhub.room." + key + " is " + value + ", allowed is " + low + " to " + high);
    }
  }
}
