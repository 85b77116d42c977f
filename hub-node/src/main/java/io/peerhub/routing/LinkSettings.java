package io.peerhub.routing;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The limits of links. See {@code peerhub.routing.link} in {@code reference.conf} for each.
 *
 * @param creditBytes bytes that may be on their way, unacknowledged
 * @param backlogBytes bytes that may wait for credit
 * @param batchBytes the most that one batch between nodes holds
 * @param itemBytesMax the largest item that crosses between nodes
 * @param resendAfter how long without an acknowledgement until the first batch is sent again
 * @param giveUpAfter how long a node that never answered is tried
 */
public record LinkSettings(
    long creditBytes,
    long backlogBytes,
    int batchBytes,
    int itemBytesMax,
    Duration resendAfter,
    Duration giveUpAfter) {
  /** Artery refuses frames over 256 KiB; a batch has to stay below with its envelope. */
  private static final int BATCH_BYTES_MAX = 200 * 1024;

  public LinkSettings {
    require(creditBytes >= 1024, "credit is at least 1 KiB");
    require(backlogBytes >= 1024, "backlog is at least 1 KiB");
    require(
        batchBytes >= 1024 && batchBytes <= BATCH_BYTES_MAX, "batch is between 1 KiB and 200 KiB");
    require(itemBytesMax >= batchBytes, "item-max is at least batch");
    require(resendAfter.compareTo(Duration.ZERO) > 0, "resend-after is more than nothing");
    require(giveUpAfter.compareTo(resendAfter) > 0, "give-up-after is more than resend-after");
  }

  /** Reads {@code peerhub.routing.link}. */
  public static LinkSettings from(Config config) {
    return new LinkSettings(
        config.getBytes("credit"),
        config.getBytes("backlog"),
        Math.toIntExact(config.getBytes("batch")),
        Math.toIntExact(config.getBytes("item-max")),
        config.getDuration("resend-after"),
        config.getDuration("give-up-after"));
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("peerhub.routing.link: " + rule);
    }
  }
}
