package io.peerhub.client;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Pings as tide marks. The hub answers a connection in order, so the pong to a ping tells that
 * everything written before that ping was taken: also the sends that asked for no confirmation, and
 * the rejects, neither of which has an answer of its own.
 */
final class Marks {
  /**
   * @param t the ping's
   * @param n the highest number of a send that was written before it
   * @param rejects how many rejects were written before it
   */
  record Mark(long t, long n, long rejects) {}

  private final ArrayDeque<Mark> outstanding = new ArrayDeque<>();
  private long lastT;

  /** A mark at this point of the stream; its {@code t} goes into a ping right here. */
  Mark set(long n, long rejects) {
    Mark mark = new Mark(++lastT, n, rejects);
    outstanding.add(mark);
    return mark;
  }

  /** The pong to {@code t} has come: the highest mark that it proves. */
  Optional<Mark> reached(long t) {
    Mark highest = null;
    while (!outstanding.isEmpty() && outstanding.peek().t() <= t) {
      highest = outstanding.poll();
    }
    return Optional.ofNullable(highest);
  }

  boolean isOutstanding() {
    return !outstanding.isEmpty();
  }

  /** Forgets what was asked on a connection that is gone; {@code t} goes on rising. */
  void clear() {
    outstanding.clear();
  }
}
