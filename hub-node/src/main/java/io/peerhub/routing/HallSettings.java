package io.peerhub.routing;

import com.typesafe.config.Config;

/**
 * What limits the rooms of one loop.
 *
 * @param creditBytes what may be on the way between a room and the loop, in each direction
 * @param maxHalls the most rooms that the loop's peers may be in or write to at once
 */
public record HallSettings(long creditBytes, int maxHalls) {
  public HallSettings {
    if (creditBytes < 1024 || maxHalls < 1) {
      throw new IllegalArgumentException(
          "peerhub.room.credit is at least 1 KiB, max-per-loop at least 1");
    }
  }

  /** Reads the block {@code peerhub.room}. */
  public static HallSettings from(Config config) {
    return new HallSettings(config.getBytes("credit"), config.getInt("max-per-loop"));
  }
}
