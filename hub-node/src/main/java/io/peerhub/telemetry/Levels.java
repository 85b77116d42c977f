package io.peerhub.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * How full what is bounded is, and how late the event loops are. Who owns a store says once where
 * its figure comes from; a figure is read only when somebody asks. Safe for any thread.
 */
public final class Levels {
  /** What holds bytes, and how many it may. */
  public enum Store {
    /** Live messages that wait for peers that are away, or slow. */
    LIVE_QUEUES,
    /** What is on the way between threads and between nodes. */
    CROSSINGS,
    /** Critical messages that are held in memory beside the journal. */
    LETTERS,
    /** Critical messages that are not yet written. */
    UNWRITTEN,
    /** Input of connections that nobody has vouched for yet. */
    UNAUTHENTICATED_INPUT,
    /** Output that peers have not taken yet. */
    OUTPUT,
    /** Netty's buffers, used or kept for the next use. */
    BUFFERS
  }

  private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Source(LongSupplier used, long max) {}

  private record Lag(long nanos, long at) {
    /** The worse of the two, as long as it is not forgotten. */
    Lag or(Lag later) {
      return later.nanos >= nanos || later.at - at > MEMORY_NANOS ? later : this;
    }
  }

  private final Map<Store, Source> sources = new ConcurrentHashMap<>();
  private final AtomicReference<Lag> worst = new AtomicReference<>(new Lag(0, 0));
  private final LongSupplier nanos;

  public Levels(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Says where the figure of a store comes from, and its limit in bytes. */
  public void register(Store store, LongSupplier used, long max) {
    sources.put(store, new Source(used, max));
  }

  /** Bytes in the store now; 0 as long as nobody owns it. */
  public long used(Store store) {
    Source source = sources.get(store);
    return source == null ? 0 : source.used.getAsLong();
  }

  /** How many bytes the store may hold; 0 as long as nobody owns it. */
  public long max(Store store) {
    Source source = sources.get(store);
    return source == null ? 0 : source.max;
  }

  /** A task of an event loop ran this many nanoseconds after it was due. */
  public void late(long late) {
    Lag lag = new Lag(Math.max(0, late), nanos.getAsLong());
    worst.accumulateAndGet(lag, Lag::or);
  }

  /** How late the latest of them was in the last ten seconds. */
  double worstLagSeconds() {
    Lag lag = worst.get();
    return nanos.getAsLong() - lag.at > MEMORY_NANOS ? 0 : lag.nanos / 1e9;
  }
}
