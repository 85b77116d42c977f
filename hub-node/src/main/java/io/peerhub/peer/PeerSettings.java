package io.peerhub.peer;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of the sharded peers: {@code peerhub.peer}.
 *
 * @param refuseDuplicates whether a second session of an identity is refused (2010) rather than
 *     taking over
 * @param rollCallGrace how long a new peer waits for rosters that do not answer
 * @param passivateAfter how long a peer without a session is kept, so that a flap costs no write
 * @param departureTimeout how long a new session waits for what an ended one has sent last
 * @param waitingMax how many requests wait while a peer is being activated
 */
public record PeerSettings(
    boolean refuseDuplicates,
    Duration rollCallGrace,
    Duration passivateAfter,
    Duration departureTimeout,
    int waitingMax) {
  public PeerSettings {
    if (rollCallGrace.isNegative() || rollCallGrace.isZero()) {
      throw new IllegalArgumentException("peerhub.peer.roll-call-grace must be positive");
    }
    if (passivateAfter.isNegative()) {
      throw new IllegalArgumentException("peerhub.peer.passivate-after must not be negative");
    }
    if (departureTimeout.isNegative() || departureTimeout.isZero()) {
      throw new IllegalArgumentException("peerhub.peer.departure-timeout must be positive");
    }
    if (waitingMax < 1) {
      throw new IllegalArgumentException("peerhub.peer.waiting-max must be at least 1");
    }
  }

  /** A peer is not given up while somebody may wait for the end of a departure. */
  Duration keptAfterDeparture() {
    return passivateAfter.compareTo(departureTimeout) > 0 ? passivateAfter : departureTimeout;
  }

  /** Reads the block {@code peerhub.peer}. */
  public static PeerSettings from(Config config) {
    String onDuplicate = config.getString("on-duplicate");
    if (!onDuplicate.equals("takeover") && !onDuplicate.equals("refuse")) {
      throw new IllegalArgumentException("peerhub.peer.on-duplicate is takeover or refuse");
    }
    return new PeerSettings(
        onDuplicate.equals("refuse"),
        config.getDuration("roll-call-grace"),
        config.getDuration("passivate-after"),
        config.getDuration("departure-timeout"),
        config.getInt("waiting-max"));
  }
}
