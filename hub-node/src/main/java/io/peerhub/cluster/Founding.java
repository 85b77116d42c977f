package io.peerhub.cluster;

import io.peerhub.persistence.rendezvous.Sighting;
import io.peerhub.persistence.rendezvous.Sighting.Row;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Decides, look by look, whether a node joins others, founds a cluster, or looks again.
 *
 * <p>A node founds only while nobody else may, and only after nobody has said anything for {@value
 * #SILENT_INTERVALS} intervals that it watched itself, by its own clock: the time that is written
 * in a row says what to try first, and nothing about who is dead. All may be frozen.
 *
 * <p>Not safe for more than one thread.
 */
final class Founding {
  /** So many renewals must fail to come before nobody is there. */
  static final int SILENT_INTERVALS = 3;

  /** What is to be done. */
  sealed interface Decision {}

  /**
   * Others are there.
   *
   * @param cluster what they have founded
   * @param addresses theirs, the eldest first
   */
  record Join(UUID cluster, List<String> addresses) implements Decision {}

  /** Nobody is there, as far as this sighting tells. */
  record Found(Sighting seen) implements Decision {}

  /** It cannot be told yet. */
  record LookAgain() implements Decision {}

  private record Watched(long renewals, long changedAt, boolean seenToRenew) {}

  private final String self;
  private final Duration silence;
  private Map<UUID, Watched> watched = new HashMap<>();
  private boolean locked;
  private long lockedAt;

  /**
   * @param self this node's address: what else is known by it is dead, since the port is ours
   * @param interval between two renewals of a node
   */
  Founding(String self, Duration interval) {
    this.self = self;
    this.silence = interval.multipliedBy(SILENT_INTERVALS);
  }

  /**
   * @param seen the newest look
   * @param now nanoseconds of a clock that only goes forward
   */
  Decision decide(Sighting seen, long now) {
    if (!seen.locked() || !locked) {
      lockedAt = now;
    }
    locked = seen.locked();
    watch(seen, now);
    List<String> alive =
        seen.rows().stream()
            .filter(row -> !row.address().equals(self) && mayLive(row, now))
            .map(Row::address)
            .toList();
    if (!alive.isEmpty()) {
      return new Join(seen.cluster(), alive);
    }
    boolean nobodyEver = seen.rows().stream().allMatch(row -> row.address().equals(self));
    boolean watchedLongEnough = now - lockedAt >= silence.toNanos();
    return locked && (nobodyEver || watchedLongEnough) ? new Found(seen) : new LookAgain();
  }

  private void watch(Sighting seen, long now) {
    Map<UUID, Watched> next = new HashMap<>();
    for (Row row : seen.rows()) {
      Watched before = watched.get(row.incarnation());
      if (before == null) {
        next.put(row.incarnation(), new Watched(row.renewals(), now, false));
      } else if (before.renewals() != row.renewals()) {
        next.put(row.incarnation(), new Watched(row.renewals(), now, true));
      } else {
        next.put(row.incarnation(), before);
      }
    }
    watched = next;
  }

  /** Whoever was seen to renew, and, for as long as that takes to see, whoever says so. */
  private boolean mayLive(Row row, long now) {
    Watched last = watched.get(row.incarnation());
    return now - last.changedAt() < silence.toNanos()
        && (last.seenToRenew() || row.age().compareTo(silence) <= 0);
  }
}
