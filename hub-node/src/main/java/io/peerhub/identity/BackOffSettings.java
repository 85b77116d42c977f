package io.peerhub.identity;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How failed proofs slow down whoever makes them.
 *
 * @param free failures of one identity from one address that cost nothing
 * @param first the wait after the next one; it doubles with each
 * @param longest the longest wait
 * @param forgetAfter how long it takes without a failure until all is forgotten
 * @param addressBurst failures of one address, under whatever names, that cost nothing
 * @param addressPerSecond how many of them are forgotten in a second
 * @param remembered how many identities at an address, and how many addresses, are remembered
 */
public record BackOffSettings(
    int free,
    Duration first,
    Duration longest,
    Duration forgetAfter,
    int addressBurst,
    int addressPerSecond,
    int remembered) {
  private static final int MOST = 1_000_000;
  private static final Duration DAY = Duration.ofDays(1);

  public BackOffSettings {
    requireCount("free", free);
    requireCount("address-burst", addressBurst);
    requireCount("address-per-second", addressPerSecond);
    requireCount("remembered", remembered);
    requireUpTo("first", first, longest);
    requireUpTo("longest", longest, forgetAfter);
    requireUpTo("forget-after", forgetAfter, DAY);
  }

  /** Reads the block {@code peerhub.identity.back-off}. */
  public static BackOffSettings from(Config config) {
    return new BackOffSettings(
        config.getInt("free"),
        config.getDuration("first"),
        config.getDuration("longest"),
        config.getDuration("forget-after"),
        config.getInt("address-burst"),
        config.getInt("address-per-second"),
        config.getInt("remembered"));
  }

  private static void requireCount(String key, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "peerhub.identity.back-off." + key + " is between 1 and " + MOST);
    }
  }

  private static void requireUpTo(String key, Duration duration, Duration longest) {
    if (duration.toMillis() < 1 || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "peerhub.identity.back-off."
              + key
              + " is between 1 ms and "
              + longest.toMillis()
              + " ms");
    }
  }
}
