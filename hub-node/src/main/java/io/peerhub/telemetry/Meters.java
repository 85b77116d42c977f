package io.peerhub.telemetry;

import io.peerhub.protocol.Refusal;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of what happened since the start. Safe for any thread; one count is one uncontended add.
 *
 * <p>Every accepted message ends in exactly one of {@link Meter#DELIVERED}, or a {@link Drop}
 * reason (the invariant I10); refusals are counted by their number.
 */
public final class Meters {
  /** What is counted without a reason. */
  public enum Meter {
    FRAMES_IN,
    FRAMES_OUT,
    BYTES_IN,
    BYTES_OUT,
    /** Sends that were taken. */
    ACCEPTED,
    /** Messages written to their receiver's connection for the first time. */
    DELIVERED,
    /** Messages written again after a resume. */
    REDELIVERED,
    SESSIONS_OPENED,
    SESSIONS_RESUMED,
    /** Asked to resume, and could not be proven whole. */
    RESUMES_FAILED,
    TAKEOVERS,
    HANDSHAKES_FAILED,
    /** Connections that ended for silence. */
    SILENT,
    /** Connections cut because they did not read. */
    NOT_READING,
    /** Actors that ended by an exception. */
    CRASHES,
    DEAD_LETTERS,
    /** Dead letters that are not a message with an outcome: has to stay 0. */
    DEAD_LETTERS_UNEXPLAINED,
    /** Batches that crossed to another loop or node. */
    LINK_BATCHES,
    LINK_RESENT,
    /** Links that were given up because nobody was at the other end. */
    LINKS_FAILED,
    /** What a failed link carried besides messages: answers and hand-overs. */
    LINK_ITEMS_LOST,
    /** Fences that nobody answered in time: a flow may be out of order there. */
    FENCES_LOST,
    /** Hand-overs that ended before all was known to have arrived: likewise. */
    SETTLED_LATE
  }

  /** Why an accepted live message was not delivered. */
  public enum Drop {
    OFFLINE,
    EXPIRED,
    /** The receiver's queue had no room: the oldest gave way. */
    QUEUE_FULL,
    /** A node-wide budget was used up. */
    BUDGET,
    /** The session ended before it was delivered. */
    SESSION_OVER,
    /** The way to another node broke. */
    LINK,
    /** The routes' room for messages that wait for an answer was used up. */
    ROUTE_FULL,
    /** Nobody could say where the receiver is. */
    UNRESOLVED
  }

  private final LongAdder[] meters = adders(Meter.values().length);
  private final LongAdder[] drops = adders(Drop.values().length);
  private final LongAdder[] refusals = adders(Refusal.values().length);

  public void count(Meter meter) {
    meters[meter.ordinal()].increment();
  }

  public void add(Meter meter, long count) {
    meters[meter.ordinal()].add(count);
  }

  public void dropped(Drop reason, long count) {
    drops[reason.ordinal()].add(count);
  }

  public void refused(Refusal refusal) {
    refusals[refusal.ordinal()].increment();
  }

  public long sum(Meter meter) {
    return meters[meter.ordinal()].sum();
  }

  public long sum(Drop reason) {
    return drops[reason.ordinal()].sum();
  }

  public long sum(Refusal refusal) {
    return refusals[refusal.ordinal()].sum();
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
