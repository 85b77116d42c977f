package io.peerhub.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * The books of everything that has to be closed again: opened = closed + live, at any time (the
 * invariant I8). Safe for any thread.
 *
 * <p>It counts; it does not own. Who opens a thing calls {@link #opened} right after it exists and
 * {@link #closed} under every ending, once.
 */
public final class Ledger {
  /** The kinds of things that are opened and closed. */
  public enum Resource {
    /** An accepted socket. */
    SOCKET,
    /** A session actor, attached or away. */
    SESSION,
    /** A peer actor. */
    PEER,
    /** A node-to-node (or loop-to-loop) link, seen from the sending side. */
    LINK,
    /** An entry of a loop's route table. */
    ROUTE
  }

  private final LongAdder[] opened = adders();
  private final LongAdder[] closed = adders();

  public void opened(Resource resource) {
    opened[resource.ordinal()].increment();
  }

  public void closed(Resource resource) {
    closed[resource.ordinal()].increment();
  }

  public long openedCount(Resource resource) {
    return opened[resource.ordinal()].sum();
  }

  public long closedCount(Resource resource) {
    return closed[resource.ordinal()].sum();
  }

  /** How many are open now; while others count, off by what is under way. */
  public long live(Resource resource) {
    return openedCount(resource) - closedCount(resource);
  }

  private static LongAdder[] adders() {
    LongAdder[] adders = new LongAdder[Resource.values().length];
    for (int i = 0; i < adders.length; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
