package io.peerhub.room;

import java.time.Duration;

/**
 * What holds for one room.
 *
 * @param maxMembers the most members
 * @param historyCount how many of the last messages may be asked for
 * @param historyBytes the most that is kept, in bytes
 * @param historyAge how long a message is kept
 */
public record RoomPolicy(int maxMembers, int historyCount, long historyBytes, Duration historyAge) {
  /** Kept in any room for a while, so that a member which moves misses nothing. */
  private static final int KEPT_COUNT = 256;

  private static final Duration KEPT_FOR = Duration.ofSeconds(10);

  public RoomPolicy {
    if (maxMembers < 1 || historyCount < 0 || historyBytes < 1024 || historyAge.isNegative()) {
      throw new IllegalArgumentException(
          "peerhub.room: max-members is at least 1, history-count and history-age are not"
              + " negative, history-bytes is at least 1 KiB");
    }
  }

  int keptCount() {
    return Math.max(historyCount, KEPT_COUNT);
  }

  Duration keptFor() {
    return historyCount > 0 && historyAge.compareTo(KEPT_FOR) > 0 ? historyAge : KEPT_FOR;
  }
}
