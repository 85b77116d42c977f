package io.peerhub.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The books of everything that has to be closed again: opened = closed + live, at any time (the
 * invariant I8). Safe for any thread.
 *
 * <p>It does not own. Who opens a thing enters it right after it exists and closes the entry under
 * every ending. Things that have an owner are entered one by one ({@link #open}), so that it can be
 * told whose they are, how old, and whether anybody needs them still; the others are only counted.
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
    ROUTE,
    /** A timer of a session. */
    TIMER,
    /** A stream of the HTTP side: one for each of its connections. */
    STREAM,
    /** A connection to PostgreSQL, counted by its pool. */
    JDBC_CONNECTION,
    /** A room's actor. */
    ROOM,
    /** A mailbox's actor: awake, whatever is in it. */
    MAILBOX
  }

  /** Whose an open thing is, and what ends it. */
  public interface Owner {
    /** For an operator: a connection's number, an identity, a session's id. */
    String named();

    /**
     * Whether there is still a reason for it to be open: a socket has one as long as its session
     * lives, say. May be asked on any thread and be a moment behind, so nobody acts on one answer.
     */
    boolean needsIt();

    /**
     * Ends it, if there really is no reason: decided again on the thread that it belongs to. Its
     * entry is closed by the ordinary way out.
     */
    void reclaim();
  }

  /** One open thing. It hangs in the list of its kind itself: 40 bytes, and no map. */
  public final class Entry {
    private final Books of;
    private final Owner owner;
    private final long since = nanos.getAsLong();
    private Entry before;
    private Entry after;
    private boolean closed;

    private Entry(Books of, Owner owner) {
      this.of = of;
      this.owner = owner;
    }

    /** The thing is closed. The second time does nothing. */
    public void close() {
      of.remove(this);
    }

    public Owner owner() {
      return owner;
    }

    public Resource resource() {
      return of.resource;
    }

    /** How long it has been open, in nanoseconds. */
    public long age() {
      return nanos.getAsLong() - since;
    }

    /** Whether it has not been closed. */
    public boolean isOpen() {
      synchronized (of) {
        return !closed;
      }
    }
  }

  private record Elsewhere(LongSupplier opened, LongSupplier live) {}

  /** Of one kind, the oldest first. */
  private static final class Books {
    final Resource resource;
    final LongAdder opened = new LongAdder();
    final LongAdder closed = new LongAdder();
    private volatile Elsewhere elsewhere;
    private Entry oldest;
    private Entry newest;

    Books(Resource resource) {
      this.resource = resource;
    }

    synchronized void add(Entry entry) {
      entry.before = newest;
      if (newest == null) {
        oldest = entry;
      } else {
        newest.after = entry;
      }
      newest = entry;
      opened.increment();
    }

    synchronized void remove(Entry entry) {
      if (entry.closed) {
        return;
      }
      entry.closed = true;
      if (entry.before == null) {
        oldest = entry.after;
      } else {
        entry.before.after = entry.after;
      }
      if (entry.after == null) {
        newest = entry.before;
      } else {
        entry.after.before = entry.before;
      }
      entry.before = null;
      entry.after = null;
      closed.increment();
    }

    synchronized List<Entry> list(int max) {
      List<Entry> entries = new ArrayList<>();
      for (Entry at = oldest; at != null && entries.size() < max; at = at.after) {
        entries.add(at);
      }
      return entries;
    }
  }

  private final LongSupplier nanos;
  private final Books[] books = new Books[Resource.values().length];

  public Ledger() {
    this(System::nanoTime);
  }

  /**
   * @param nanos the clock of the entries' ages
   */
  public Ledger(LongSupplier nanos) {
    this.nanos = nanos;
    for (Resource resource : Resource.values()) {
      books[resource.ordinal()] = new Books(resource);
    }
  }

  /** Enters a thing that has an owner. */
  public Entry open(Resource resource, Owner owner) {
    Entry entry = new Entry(of(resource), owner);
    of(resource).add(entry);
    return entry;
  }

  /** Says who counts this kind, where it is not this class. */
  public void follow(Resource resource, LongSupplier opened, LongSupplier live) {
    of(resource).elsewhere = new Elsewhere(opened, live);
  }

  /** Counts a thing that is only counted. */
  public void opened(Resource resource) {
    of(resource).opened.increment();
  }

  /** Counts its end. */
  public void closed(Resource resource) {
    of(resource).closed.increment();
  }

  public long openedCount(Resource resource) {
    Elsewhere elsewhere = of(resource).elsewhere;
    return elsewhere == null ? of(resource).opened.sum() : elsewhere.opened.getAsLong();
  }

  public long closedCount(Resource resource) {
    Elsewhere elsewhere = of(resource).elsewhere;
    return elsewhere == null
        ? of(resource).closed.sum()
        : Math.max(0, elsewhere.opened.getAsLong() - elsewhere.live.getAsLong());
  }

  /** How many are open now; while others count, off by what is under way. */
  public long live(Resource resource) {
    return openedCount(resource) - closedCount(resource);
  }

  /** The oldest of those that have owners; what is only counted is not among them. */
  public List<Entry> oldest(Resource resource, int max) {
    return of(resource).list(max);
  }

  private Books of(Resource resource) {
    return books[resource.ordinal()];
  }
}
