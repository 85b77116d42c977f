package io.peerhub.delivery.kept;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which letters the attached session has, and which it gets next: by place, as many as its window
 * holds, and in each flow none before one that waits for its next attempt. Nothing of it is stored.
 */
final class Offering {
  /** What may go out now, and what would have to be read back first. */
  record Next(List<Kept> letters, Kept unread) {}

  private final MailboxState state;
  private final TreeMap<Long, Kept> ready = new TreeMap<>();
  private final Map<Kept.Flow, ArrayDeque<Kept>> held = new HashMap<>();
  private String session = "";
  private long epoch;
  private int window;
  private int outCount;
  private boolean away;
  private long cursor;

  Offering(MailboxState state) {
    this.state = state;
  }

  /**
   * A session is there.
   *
   * @param has what it holds already
   * @return those of them that are not pending any more
   */
  List<Long> attach(String session, long epoch, int window, long[] has) {
    detach();
    this.session = session;
    this.epoch = epoch;
    this.window = window;
    List<Long> gone = new ArrayList<>(0);
    for (long place : has) {
      Kept kept = state.pending(place);
      if (kept == null) {
        gone.add(place);
      } else if (kept.outUnder != epoch) {
        kept.outUnder = epoch;
        outCount++;
      }
    }
    return gone;
  }

  /** Nobody is there any more. */
  void detach() {
    epoch = 0;
    session = "";
    outCount = 0;
    away = false;
    cursor = 0;
    ready.clear();
    held.clear();
  }

  /** Its connection is cut: it gets nothing more, until another one is attached. */
  void away() {
    away = true;
  }

  boolean isAttached() {
    return epoch != 0;
  }

  boolean isAway() {
    return away;
  }

  String session() {
    return session;
  }

  long epoch() {
    return epoch;
  }

  boolean isOut(Kept kept) {
    return epoch != 0 && kept.outUnder == epoch;
  }

  /** The session does not have it any more; it may get it again. */
  void takeBack(Kept kept) {
    if (leave(kept)) {
      ready.put(kept.place, kept);
    }
  }

  /** The letter has ended, or goes back: whether the session had it. */
  boolean leave(Kept kept) {
    if (!isOut(kept)) {
      return false;
    }
    kept.outUnder = 0;
    outCount--;
    return true;
  }

  /** What goes to the session now. From here on the session has it. */
  Next next(long committedRow, long now) {
    List<Kept> letters = new ArrayList<>();
    if (epoch == 0 || away) {
      return new Next(letters, null);
    }
    releaseHeld(now);
    while (outCount < window) {
      Kept kept = candidate(committedRow);
      if (kept == null) {
        break;
      }
      if (isHeld(kept, now)) {
        held.computeIfAbsent(kept.flow(), flow -> new ArrayDeque<>()).addLast(kept);
        continue;
      }
      if (kept.letter == null) {
        ready.put(kept.place, kept);
        return new Next(letters, kept);
      }
      kept.outUnder = epoch;
      outCount++;
      letters.add(kept);
    }
    return new Next(letters, null);
  }

  /** What stands next; it is taken from its queue. */
  private Kept candidate(long committedRow) {
    while (!ready.isEmpty()) {
      Kept kept = ready.pollFirstEntry().getValue();
      if (state.pending(kept.place) == kept && !isOut(kept)) {
        return kept;
      }
    }
    Kept kept = state.pendingFrom(cursor);
    while (kept != null && kept.row <= committedRow) {
      cursor = kept.place + 1;
      if (!isOut(kept)) {
        return kept;
      }
      kept = state.pendingFrom(cursor);
    }
    return null;
  }

  private boolean isHeld(Kept kept, long now) {
    return kept.notBefore > now || !held.isEmpty() && held.containsKey(kept.flow());
  }

  /** Flows whose first letter may be tried again. */
  private void releaseHeld(long now) {
    if (held.isEmpty()) {
      return;
    }
    for (Iterator<ArrayDeque<Kept>> all = held.values().iterator(); all.hasNext(); ) {
      ArrayDeque<Kept> flow = all.next();
      dropEnded(flow);
      if (flow.isEmpty() || flow.peekFirst().notBefore <= now) {
        flow.forEach(kept -> ready.put(kept.place, kept));
        all.remove();
      }
    }
  }

  private void dropEnded(ArrayDeque<Kept> flow) {
    while (!flow.isEmpty() && state.pending(flow.peekFirst().place) != flow.peekFirst()) {
      flow.pollFirst();
    }
  }

  /** When the next flow that is held may go on; Long.MAX_VALUE if none is. */
  long nextAt() {
    long next = Long.MAX_VALUE;
    for (ArrayDeque<Kept> flow : held.values()) {
      dropEnded(flow);
      next = Math.min(next, flow.isEmpty() ? 0 : flow.peekFirst().notBefore);
    }
    return next;
  }
}
