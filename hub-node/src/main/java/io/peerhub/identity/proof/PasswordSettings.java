package io.peerhub.identity.proof;

import com.typesafe.config.Config;

/**
 * What a password costs, by Argon2id.
 *
 * @param memoryKib of one hash
 * @param passes over that memory
 * @param lanes that a hash is made in; here one after the other
 * @param workers hashes that are made at once
 * @param waitingMax proofs that may wait for that
 */
public record PasswordSettings(int memoryKib, int passes, int lanes, int workers, int waitingMax) {
  private static final int KIB = 1024;

  public PasswordSettings {
    requireWithin("memory", memoryKib, KIB, PasswordHash.MEMORY_MAX_KIB);
    requireWithin("passes", passes, 1, PasswordHash.PASSES_MAX);
    requireWithin("lanes", lanes, 1, PasswordHash.LANES_MAX);
    requireWithin("workers", workers, 1, 64);
    requireWithin("waiting-max", waitingMax, 1, 100_000);
  }

  /** Reads the block {@code peerhub.identity.password}. */
  public static PasswordSettings from(Config config) {
    return new PasswordSettings(
        (int) Math.min(Integer.MAX_VALUE, config.getBytes("memory") / KIB),
        config.getInt("passes"),
        config.getInt("lanes"),
        config.getInt("workers"),
        config.getInt("waiting-max"));
  }

  private static void requireWithin(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "peerhub.identity.password."
              + key
              + (key.equals("memory")
                  ? " is between 1 MiB and 256 MiB"
                  : " is between " + least + " and " + most));
    }
  }
}
