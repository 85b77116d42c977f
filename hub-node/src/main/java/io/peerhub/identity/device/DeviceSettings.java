package io.peerhub.identity.device;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a node asks the store of devices.
 *
 * @param cacheMax devices that are remembered
 * @param cacheFor how long one is, while changes are heard
 * @param cacheUnheard how long one is while they are not
 * @param lookupsWaitingMax questions that may wait for the store
 * @param contactsWaitingMax contacts that may wait to be written down
 * @param contactsEvery how often they are
 * @param seenSameFor how old {@code last seen} gets before it is written again for its own sake
 */
public record DeviceSettings(
    int cacheMax,
    Duration cacheFor,
    Duration cacheUnheard,
    int lookupsWaitingMax,
    int contactsWaitingMax,
    Duration contactsEvery,
    Duration seenSameFor) {
  private static final int MOST = 10_000_000;
  private static final Duration HOUR = Duration.ofHours(1);

  public DeviceSettings {
    requireCount("cache-max", cacheMax);
    requireCount("lookups-waiting-max", lookupsWaitingMax);
    requireCount("contacts-waiting-max", contactsWaitingMax);
    requireUpTo("cache-for", cacheFor, HOUR);
    requireUpTo("cache-unheard", cacheUnheard, cacheFor);
    requireUpTo("contacts-every", contactsEvery, HOUR);
    requireUpTo("seen-same-for", seenSameFor, Duration.ofDays(1));
    if (contactsEvery.toMillis() < 1) {
      throw new IllegalArgumentException("peerhub.identity.devices.contacts-every is 1 ms or more");
    }
  }

  /** Reads the block {@code peerhub.identity.devices}. */
  public static DeviceSettings from(Config config) {
    return new DeviceSettings(
        config.getInt("cache-max"),
        config.getDuration("cache-for"),
        config.getDuration("cache-unheard"),
        config.getInt("lookups-waiting-max"),
        config.getInt("contacts-waiting-max"),
        config.getDuration("contacts-every"),
        config.getDuration("seen-same-for"));
  }

  private static void requireCount(String key, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "peerhub.identity.devices." + key + " is between 1 and " + MOST);
    }
  }

  private static void requireUpTo(String key, Duration duration, Duration longest) {
    if (duration.isNegative() || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "peerhub.identity.devices." + key + " is between 0 s and " + longest.toSeconds() + " s");
    }
  }
}
