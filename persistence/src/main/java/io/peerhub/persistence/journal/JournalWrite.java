package io.peerhub.persistence.journal;

import java.util.List;

/**
 * One row of one mailbox, with what tables tell of it.
 *
 * @param owner whose mailbox
 * @param seq the row's number: one above that of the row before
 * @param writer a number that this activation drew
 * @param at wall clock, ms since 1970
 * @param event what happened, as the mailbox writes it
 * @param keys hashes by which the messages in it are found
 * @param summary how the mailbox stands after it
 * @param snapshot the mailbox after this row, as it writes that; null: none now
 * @param buried dead letters that came to be with it
 * @param raised places of dead letters that are none any more
 */
public record JournalWrite(
    String owner,
    long seq,
    long writer,
    long at,
    byte[] event,
    long[] keys,
    Summary summary,
    byte[] snapshot,
    List<DeadLetter> buried,
    long[] raised) {
  /**
   * How a mailbox stands.
   *
   * @param needed the lowest row that is needed from now on
   * @param wakeAt when somebody has to wake it, ms since 1970; 0: never
   */
  public record Summary(
      long needed,
      long wakeAt,
      long pending,
      long pendingBytes,
      long owed,
      long accepted,
      long delivered,
      long expired,
      long rejected,
      long dead) {}

  /** What became of a write. */
  public enum Outcome {
    /** It is on disk. */
    COMMITTED,
    /** Somebody else has written in between: this owner is none any more. */
    FENCED,
    /** The database refuses this very row, and always will. */
    REFUSED,
    /** The journal was closed first; whether it was written is not known. */
    CLOSED
  }

  public JournalWrite {
    buried = List.copyOf(buried);
  }

  /** Whether more tables than the usual ones are touched. */
  boolean hasExtras() {
    return snapshot != null || !buried.isEmpty() || raised.length > 0;
  }
}
