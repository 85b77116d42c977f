package io.peerhub.session;

import com.typesafe.config.Config;

/**
 * What one peer may do with rooms: in {@code peerhub.room}.
 *
 * @param maxRooms in how many rooms it may be at once
 * @param changesPerSecond how often it may join and leave in the long run
 * @param changesBurst how often at once
 */
public record AttendanceSettings(int maxRooms, int changesPerSecond, int changesBurst) {
  public AttendanceSettings {
    if (maxRooms < 1 || changesPerSecond < 1 || changesBurst < 1) {
      throw new IllegalArgumentException(
          "peerhub.room: max-per-peer, joins-per-second and joins-burst are at least 1");
    }
  }

  /** Reads the block {@code peerhub.room}. */
  public static AttendanceSettings from(Config config) {
    return new AttendanceSettings(
        config.getInt("max-per-peer"),
        config.getInt("joins-per-second"),
        config.getInt("joins-burst"));
  }
}
