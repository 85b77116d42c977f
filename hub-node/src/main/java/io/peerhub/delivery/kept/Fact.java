package io.peerhub.delivery.kept;

import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;

/**
 * Something that has happened to a mailbox: what its journal and its snapshots are made of. Times
 * are the wall clock of the node that wrote it, ms since 1970; a <em>place</em> is a letter's
 * number in its mailbox, 1 and up, never given twice.
 */
public sealed interface Fact {
  /** A node has taken the mailbox over; whoever had it before can write no more. */
  record Activated(long at, long term, String node) implements Fact {}

  /**
   * A letter was taken.
   *
   * @param endsAt when its time to live is over
   * @param wantsDelivered whether its sender asked for a receipt of its delivery too
   * @param rising whether its sender names its messages in rising order
   */
  record Accepted(
      long at, long place, Letter letter, long endsAt, boolean wantsDelivered, boolean rising)
      implements Fact {}

  /** A letter came again under the same name, which had no effect. */
  record Repeated(long at, Identity from, String id) implements Fact {}

  /** Letters were given to a session. */
  record Offered(long at, String session, long epoch, long[] places) implements Fact {}

  /** The receiver has processed these, under that epoch. */
  record Acked(long at, long epoch, long[] places) implements Fact {}

  /** An attempt failed; it is not tried again before {@code notBefore}. */
  record Failed(long at, long place, String reason, long notBefore) implements Fact {}

  /** A letter has ended without an ack. */
  record Ended(long at, long place, Fate fate, String reason) implements Fact {}

  /** The mailboxes of the senders have taken the receipts of these. */
  record Told(long at, long[] places) implements Fact {}

  /** A dead letter was put back, as a new one. */
  record Redriven(long at, long dead, Fate fate, Accepted again) implements Fact {}

  // ---- of snapshots only

  /** The counters. */
  record Restored(long term, long lastPlace, long flaggedUpTo, long[] counts) implements Fact {}

  /** A pending letter, without what is in its row. */
  record Pending(
      long place,
      long row,
      Identity from,
      String id,
      String addressed,
      boolean receipt,
      int weight,
      long content,
      long acceptedAt,
      long endsAt,
      boolean wantsDelivered,
      boolean rising,
      boolean seen,
      int failures,
      long notBefore)
      implements Fact {}

  /** A letter that has ended and is still known by its name. */
  record Remembered(
      Identity from, String id, boolean receipt, long content, long place, Fate fate, long at)
      implements Fact {}

  /** What is known of the rising numbers of one prefix. */
  record Marked(Identity from, String prefix, long highest, long[] bits) implements Fact {
    /** How many words the bits have at most; those that are missing are zeros. */
    public static final int WORDS = RisingIds.SPAN / Long.SIZE;
  }

  /** A receipt that the sender's mailbox has not taken yet. */
  record Owed(Identity to, Letter.Receipt receipt) implements Fact {}
}
