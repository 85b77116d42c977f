package io.peerhub.identity;

import io.peerhub.protocol.Identity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who has to wait before the next try, because of failed ones.
 *
 * <p>It counts by identity <em>and</em> address: what somebody does under another's name from
 * elsewhere never makes the other wait. And by address alone, for who tries many names; an identity
 * that has proven itself from an address does not wait for what others do there (as behind a
 * router). There is no count by identity alone, which would let anybody lock out anybody.
 *
 * <p>What a machine has of IPv6 is a whole network, so the first 64 bits are the address. A try
 * counts as failed from its beginning: many at once are no way around. Bounded: past the limit the
 * oldest is forgotten. Safe for any thread.
 */
public final class BackOff {
  private static final int NETWORK_BYTES = 8;

  private record Place(Identity identity, String network) {}

  private static final class Tally {
    private int failures;
    private long last;
    private long notBefore;
  }

  /** A bucket that leaks. */
  private static final class Level {
    private double failures;
    private long last;
  }

  private static final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int max;

    Recent(int max) {
      super(16, 0.75f, true);
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > max;
    }
  }

  private final BackOffSettings settings;
  private final LongSupplier nanos;
  private final Map<Place, Tally> tallies;
  private final Map<String, Level> levels;

  /** Apart from the tallies, so that failures push no success out. */
  private final Map<Place, Boolean> proven;

  public BackOff(BackOffSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
    this.tallies = new Recent<>(settings.remembered());
    this.levels = new Recent<>(settings.remembered());
    this.proven = new Recent<>(settings.remembered());
  }

  /** Whether a proof is looked at now; if so it counts as failed until something else is said. */
  synchronized boolean mayTry(Identity identity, String address) {
    long now = nanos.getAsLong();
    Place place = new Place(identity, network(address));
    if (proven.get(place) == null && isFull(place.network(), now)) {
      return false;
    }
    Tally tally = tallies.computeIfAbsent(place, ignored -> new Tally());
    if (tally.failures > 0 && now - tally.last > settings.forgetAfter().toNanos()) {
      tally.failures = 0;
    }
    if (tally.failures > settings.free() && now - tally.notBefore < 0) {
      return false;
    }
    tally.failures++;
    tally.last = now;
    tally.notBefore = now + wait(tally.failures);
    return true;
  }

  /** How long it waits that may not try now, in milliseconds; at least one. */
  synchronized int waitMs(Identity identity, String address) {
    long now = nanos.getAsLong();
    Place place = new Place(identity, network(address));
    Tally tally = tallies.get(place);
    double own = tally == null ? 0 : (tally.notBefore - now) / 1e6;
    Level level = proven.get(place) == null ? levels.get(place.network()) : null;
    double over = level == null ? 0 : level.failures - (settings.addressBurst() - 1);
    double ofAll = over <= 0 ? 0 : over / settings.addressPerSecond() * 1e3;
    return (int) Math.clamp(Math.ceil(Math.max(own, ofAll)), 1, Integer.MAX_VALUE);
  }

  /** The proof was right. */
  synchronized void proven(Identity identity, String address) {
    Place place = new Place(identity, network(address));
    tallies.remove(place);
    proven.put(place, true);
  }

  /** The proof was wrong. */
  synchronized void failed(String address) {
    long now = nanos.getAsLong();
    Level level = levels.computeIfAbsent(network(address), ignored -> new Level());
    leak(level, now);
    level.failures = Math.min(level.failures + 1, settings.addressBurst());
  }

  /** What the proof was worth could not be found out: the try does not count. */
  synchronized void excuse(Identity identity, String address) {
    Tally tally = tallies.get(new Place(identity, network(address)));
    if (tally != null && tally.failures > 0) {
      tally.failures--;
      tally.notBefore = nanos.getAsLong();
    }
  }

  private long wait(int failures) {
    int doublings = failures - settings.free() - 1;
    if (doublings < 0) {
      return 0;
    }
    long longest = settings.longest().toNanos();
    return doublings >= Long.SIZE - 2 || settings.first().toNanos() > longest >> doublings
        ? longest
        : settings.first().toNanos() << doublings;
  }

  private boolean isFull(String network, long now) {
    Level level = levels.get(network);
    if (level == null) {
      return false;
    }
    leak(level, now);
    return level.failures > settings.addressBurst() - 1;
  }

  private void leak(Level level, long now) {
    double leaked = (now - level.last) / 1e9 * settings.addressPerSecond();
    level.failures = Math.max(0, level.failures - leaked);
    level.last = now;
  }

  /** An address of IPv4 as it is, of IPv6 its network. */
  private static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      // A literal: nothing is looked up.
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return bytes.length > NETWORK_BYTES
          ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES)
          : address;
    } catch (UnknownHostException none) {
      return address;
    }
  }
}
