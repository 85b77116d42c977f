package io.peerhub.mailbox;

import com.typesafe.config.Config;
import io.peerhub.delivery.kept.MailboxLimits;
import java.time.Duration;

/**
 * Settings of the mailboxes: {@code peerhub.mailbox}.
 *
 * @param limits how much a mailbox keeps, and for how long
 * @param sleepAfter how long a mailbox that nobody needs stays in memory
 * @param waitingMax requests that wait while a mailbox is read
 * @param writers threads that write the journal, each with a connection of the pool
 * @param roundEvery how often it is looked for mailboxes in which something falls due
 * @param historyFor how long it is kept what has become of messages
 * @param historyMaxBytes and how much of it
 */
public record MailboxSettings(
    MailboxLimits limits,
    Duration sleepAfter,
    int waitingMax,
    int writers,
    Duration roundEvery,
    Duration historyFor,
    long historyMaxBytes) {
  public MailboxSettings {
    require(sleepAfter.toMillis() >= 1, "sleep-after is at least 1ms");
    require(waitingMax >= 1, "waiting-max is at least 1");
    require(writers >= 1 && writers <= 16, "writers are 1 to 16");
    require(
        roundEvery.toMillis() >= 10 && roundEvery.toMinutes() <= 10,
        "round-every is 10ms to 10min");
    require(
        historyFor.toMillis() >= 1 && historyFor.toDays() <= 365, "history-for is 1ms to 365 days");
    require(historyMaxBytes >= 16 << 20, "history-max-bytes is at least 16 MiB");
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }

  /** Reads the block {@code peerhub.mailbox}. */
  public static MailboxSettings from(Config config) {
    try {
      return new MailboxSettings(
          limits(config),
          config.getDuration("sleep-after"),
          config.getInt("waiting-max"),
          config.getInt("writers"),
          config.getDuration("round-every"),
          config.getDuration("history-for"),
          config.getBytes("history-max-bytes"));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("peerhub.mailbox: " + wrong.getMessage(), wrong);
    }
  }

  private static MailboxLimits limits(Config config) {
    return new MailboxLimits(
        config.getInt("pending-max"),
        config.getBytes("pending-max-bytes"),
        config.getInt("receipts-max"),
        config.getDuration("ttl-max"),
        config.getInt("max-attempts"),
        config.getDuration("requeue-first"),
        config.getDuration("requeue-most"),
        config.getDuration("ids-kept-for"),
        config.getInt("ids-max"),
        config.getBytes("bodies-max-bytes"));
  }
}
