package io.peerhub.identity.device;

import io.peerhub.protocol.Identity;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The devices of the store, as this node remembers them.
 *
 * <p>Guaranteed: what is remembered is forgotten when a change of it is heard, and after a time
 * anyway, which is short while changes may go unheard; a store that cannot be asked makes the
 * answer fail. Not guaranteed: that a change counts on every node at once. Safe for any thread, and
 * never blocks its caller.
 */
public final class Devices {
  /** Questions by senders stand back behind those of handshakes: they get this part of the line. */
  private static final int PART_OF_SENDERS = 10;

  /** What makes room at once when there is none left, as a part of all. */
  private static final int ROOM = 16;

  private static final class Memory {
    private final Optional<Device> device;
    private final long since;
    // Since it came. Not volatile: a lost mark costs a question.
    private boolean used;

    Memory(Optional<Device> device, long since) {
      this.device = device;
      this.since = since;
    }
  }

  private final DeviceSettings settings;
  private final LongSupplier nanos;
  private final BooleanSupplier hears;
  private final Lookups lookups;
  private final Map<Identity, Memory> memory = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /**
   * @param hears whether changes are heard, as far as is known
   * @param executor a thread that may wait for the store
   */
  public Devices(
      Lookups.Store store,
      DeviceSettings settings,
      LongSupplier nanos,
      BooleanSupplier hears,
      Executor executor) {
    this.settings = settings;
    this.nanos = nanos;
    this.hears = hears;
    this.lookups =
        new Lookups(store, settings.lookupsWaitingMax(), this::keep, executor, changes::get);
  }

  /** The device, if it is remembered and that still counts. */
  public Optional<Device> remembered(Identity identity) {
    Memory found = memory.get(identity);
    return found != null && counts(found) ? found.device : Optional.empty();
  }

  /**
   * Asks the store, whatever is remembered; empty if there is no such device. The stage fails if
   * the store does not answer, or too many wait for it.
   */
  public CompletionStage<Optional<Device>> load(Identity identity) {
    return lookups.ask(identity);
  }

  /** What is remembered, or else what the store says. */
  public CompletionStage<Optional<Device>> find(Identity identity) {
    Optional<Device> remembered = remembered(identity);
    return remembered.isPresent() ? CompletableFuture.completedFuture(remembered) : load(identity);
  }

  /**
   * Whether there may be such a device, without waiting. If nothing is known it may, and the store
   * is asked, so that it is known soon.
   */
  public boolean mayExist(Identity identity) {
    Memory found = memory.get(identity);
    if (found != null && found.device.isPresent()) {
      // Whether it is approved or not: its name is known. No look at the clock for each message.
      found.used = true;
      return true;
    }
    if (found != null && counts(found)) {
      return false;
    }
    if (lookups.waiting() < settings.lookupsWaitingMax() / PART_OF_SENDERS) {
      lookups.ask(identity);
    }
    return true;
  }

  /** Something of this device has changed. */
  public void forget(Identity identity) {
    // First the number: an answer that is on its way is not kept then.
    changes.incrementAndGet();
    memory.remove(identity);
  }

  /** Anything may have changed. */
  public void forgetAll() {
    changes.incrementAndGet();
    memory.clear();
  }

  /** How many are remembered. */
  public int size() {
    return memory.size();
  }

  private boolean counts(Memory found) {
    found.used = true;
    Duration lasting = hears.getAsBoolean() ? settings.cacheFor() : settings.cacheUnheard();
    return nanos.getAsLong() - found.since < lasting.toNanos();
  }

  /** Runs on the one thread that asks the store. */
  private void keep(Identity identity, Optional<Device> device, long changesBefore) {
    if (memory.size() >= settings.cacheMax()) {
      makeRoom();
    }
    memory.put(identity, new Memory(device, nanos.getAsLong()));
    // It was asked for before a change: who asked may have it, nobody else. (After the put, so that
    // a change that is heard at this moment cannot slip between.)
    if (changes.get() != changesBefore) {
      memory.remove(identity);
    }
  }

  /** Those that nobody asked for since the last time go first; each one gets one more chance. */
  private void makeRoom() {
    int goal = settings.cacheMax() - Math.max(1, settings.cacheMax() / ROOM);
    while (memory.size() > goal) {
      Iterator<Memory> all = memory.values().iterator();
      while (all.hasNext() && memory.size() > goal) {
        Memory next = all.next();
        if (next.used) {
          next.used = false;
        } else {
          all.remove();
        }
      }
    }
  }
}
