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
    /** A peer came back that had been here since its actor started: resumed or anew. */
    RECONNECTS,
    /** Asked to resume, and could not be proven whole. */
    RESUMES_FAILED,
    TAKEOVERS,
    HANDSHAKES_FAILED,
    /** Keys of devices that no master key opened, at a proof: has to stay 0. */
    KEYS_UNOPENED,
    /** Connections that ended for silence. */
    SILENT,
    /** Connections cut because they did not read. */
    NOT_READING,
    /** Actors that ended by an exception. */
    CRASHES,
    DEAD_LETTERS,
    /** Looks through the ledger. */
    SWEEPS,
    /** What was open and needed by nobody, see {@link Sweep}: has to stay 0. */
    ORPHANS_RECLAIMED,
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
    SETTLED_LATE,
    /** Messages that got a place in the order of a room. */
    ROOM_MESSAGES,
    /** Members that were let in. */
    ROOM_JOINS
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
    UNRESOLVED,
    /** It came by an old way behind newer ones that came by the new one. */
    OVERTAKEN
  }

  /** Why a connection ended. The first reason counts: what fails after it fails because of it. */
  public enum End {
    /** The peer closed it. */
    BY_PEER,
    /** A reset, or whatever else the network does. */
    LOST,
    /** Refused before it was anybody's. */
    NOT_ADMITTED,
    /** The hub closed it: silence, a takeover, a broken frame, a drain, or behind a goodbye. */
    BY_HUB,
    /** It did not read what waited for it. */
    NOT_READING,
    /** A fault of the hub. */
    FAULT
  }

  /** What is timed at its end. */
  public enum Span {
    /** How long a connection lived. */
    CONNECTION(1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600),
    /** From a ping of the hub to its pong: the network, and the peer's own haste. */
    ROUND_TRIP(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30);

    private final double[] upTo;

    Span(double... upTo) {
      this.upTo = upTo;
    }
  }

  private final LongAdder[] ends = adders(End.values().length);
  private final Histogram[] spans = histograms();
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

  public void ended(End reason) {
    ends[reason.ordinal()].increment();
  }

  /** Something took this long, in nanoseconds. */
  public void took(Span span, long nanos) {
    spans[span.ordinal()].record(nanos);
  }

  public long sum(End reason) {
    return ends[reason.ordinal()].sum();
  }

  /** How often it took how long. */
  public Histogram histogram(Span span) {
    return spans[span.ordinal()];
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

  private static Histogram[] histograms() {
    Histogram[] histograms = new Histogram[Span.values().length];
    for (Span span : Span.values()) {
      histograms[span.ordinal()] = new Histogram(span.upTo);
    }
    return histograms;
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
