package io.peerhub.delivery;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * What was written to a receiver and is not yet known to be processed. Gives each delivery its
 * {@code seq} (1, 2, 3... within the session) and keeps it until the receiver acknowledges it; with
 * {@code keeps = false} ({@code ack: auto}) written is processed and nothing is kept.
 *
 * @param <T> a delivery
 */
public final class DeliveryWindow<T> {
  /** A delivery under its number; {@code attempt} counts from 1. */
  public record Written<T>(long seq, int attempt, T delivery) {}

  /** What an ack or a resume told about the receiver. */
  public enum Verdict {
    /** It is what could be. */
    TAKEN,
    /** Nothing new: it was told before. */
    STALE,
    /** A number that was never written: forged or confused. */
    UNKNOWN
  }

  private final boolean keeps;
  private final int max;
  private final long maxBytes;
  private final ToIntFunction<T> weight;
  private final ArrayDeque<Written<T>> unacked;
  private long bytes;
  private long lastSeq;
  private long ackedSeq;

  /**
   * @param keeps whether deliveries are kept until they are acknowledged
   * @param max how many may be unacknowledged; without meaning if none are kept
   * @param maxBytes how much may be unacknowledged: from there on nothing more is written, so that
   *     a peer which never acknowledges holds at most this and one message more
   * @param weight what a delivery weighs, in bytes; always the same for the same one
   */
  public DeliveryWindow(boolean keeps, int max, long maxBytes, ToIntFunction<T> weight) {
    this.keeps = keeps;
    this.max = max;
    this.maxBytes = maxBytes;
    this.weight = weight;
    this.unacked = new ArrayDeque<>(0);
  }

  /** Goes on where another window stopped: its counters, its deliveries follow by {@link #keep}. */
  public void restore(long lastSeq, long ackedSeq) {
    this.lastSeq = lastSeq;
    this.ackedSeq = ackedSeq;
  }

  /** Takes over a delivery that another window had written. */
  public void keep(long seq, int attempt, T delivery) {
    unacked.addLast(new Written<>(seq, attempt, delivery));
    bytes += weight.applyAsInt(delivery);
  }

  public boolean keeps() {
    return keeps;
  }

  public boolean hasRoom() {
    return unacked.size() < max && bytes < maxBytes;
  }

  /** Numbers a delivery that is being written now. */
  public long next(T delivery) {
    lastSeq++;
    if (keeps) {
      keep(lastSeq, 1, delivery);
    } else {
      ackedSeq = lastSeq;
    }
    return lastSeq;
  }

  /** Everything up to {@code seq} was processed; each that was kept is handed to {@code taken}. */
  public Verdict ack(long seq, Consumer<T> taken) {
    if (seq > lastSeq) {
      return Verdict.UNKNOWN;
    }
    if (seq <= ackedSeq) {
      return Verdict.STALE;
    }
    ackedSeq = seq;
    while (!unacked.isEmpty() && unacked.peekFirst().seq <= seq) {
      taken.accept(poll().delivery);
    }
    return Verdict.TAKEN;
  }

  /** This one alone could not be processed: takes it out. Null if it is not outstanding. */
  public T reject(long seq) {
    for (Iterator<Written<T>> all = unacked.iterator(); all.hasNext(); ) {
      Written<T> written = all.next();
      if (written.seq >= seq) {
        if (written.seq > seq) {
          return null;
        }
        all.remove();
        bytes -= weight.applyAsInt(written.delivery);
        return written.delivery;
      }
    }
    return null;
  }

  /** What is written and unacknowledged, by rising seq. Read only. */
  public Iterable<Written<T>> unacked() {
    return unacked;
  }

  /** Takes out what is written and unacknowledged, by rising seq. */
  public void drain(Consumer<Written<T>> to) {
    while (!unacked.isEmpty()) {
      to.accept(poll());
    }
  }

  /** Takes out the one with the lowest seq; null if there is none. */
  public Written<T> takeFirst() {
    return unacked.isEmpty() ? null : poll();
  }

  private Written<T> poll() {
    Written<T> first = unacked.pollFirst();
    bytes -= weight.applyAsInt(first.delivery);
    return first;
  }

  public int unackedCount() {
    return unacked.size();
  }

  public long lastSeq() {
    return lastSeq;
  }

  public long ackedSeq() {
    return ackedSeq;
  }
}
