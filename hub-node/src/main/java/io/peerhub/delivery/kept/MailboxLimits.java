package io.peerhub.delivery.kept;

import java.time.Duration;

/**
 * How much a mailbox keeps, and for how long.
 *
 * @param pendingMax messages that may be pending; one more is refused (4003)
 * @param pendingMaxBytes what they may weigh together
 * @param receiptsMax receipts that may be pending; past it the oldest ends
 * @param ttlMax the longest life of a letter, and that of one that names none
 * @param attemptsMax failed attempts after which a message is a dead letter
 * @param requeueFirst how long a requeued message waits after its first failure; doubles
 * @param requeueMost and how long at most
 * @param idsKeptFor how long a name is known past the end of its letter
 * @param idsMax how many of those names are known
 * @param bodiesMaxBytes bodies in memory
 */
public record MailboxLimits(
    int pendingMax,
    long pendingMaxBytes,
    int receiptsMax,
    Duration ttlMax,
    int attemptsMax,
    Duration requeueFirst,
    Duration requeueMost,
    Duration idsKeptFor,
    int idsMax,
    long bodiesMaxBytes) {
  /** What a hub uses unless it is told otherwise. */
  public static final MailboxLimits DEFAULT =
      new MailboxLimits(
          100_000,
          1L << 30,
          100_000,
          Duration.ofDays(7),
          10,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          10_000,
          8L << 20);

  public MailboxLimits {
    require(pendingMax >= 1 && pendingMax <= 10_000_000, "pending-max is 1 to 10000000");
    require(pendingMaxBytes >= 1024, "pending-max-bytes is at least 1 KiB");
    require(receiptsMax >= 1, "receipts-max is at least 1");
    require(ttlMax.toMillis() >= 1 && ttlMax.toDays() <= 365, "ttl-max is 1 ms to 365 days");
    require(attemptsMax >= 1 && attemptsMax <= 1000, "max-attempts is 1 to 1000");
    require(requeueFirst.toMillis() >= 1, "requeue-first is at least 1 ms");
    require(requeueMost.compareTo(requeueFirst) >= 0, "requeue-most is not below requeue-first");
    require(idsKeptFor.toMillis() >= 0, "ids-kept-for is not negative");
    require(idsMax >= 0, "ids-max is not negative");
    require(bodiesMaxBytes >= 1024, "bodies-max-bytes is at least 1 KiB");
  }

  /** How long a message waits after so many failures. */
  long requeueMs(int failures) {
    long wait = requeueFirst.toMillis() << Math.min(failures - 1, 20);
    return Math.min(wait, requeueMost.toMillis());
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }
}
