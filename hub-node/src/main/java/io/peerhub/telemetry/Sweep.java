package io.peerhub.telemetry;

import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what is open and needed by nobody, says so, and has it closed. Supervision is meant to
 * leave nothing of the kind: in normal work a sweep finds 0, and anything else is a fault of the
 * hub that is worth an alert, though no longer a leak.
 *
 * <p>One sweep is two looks with a moment between them, because an owner's end and the end of what
 * it owned are two events: {@link #suspects}, and a few seconds later {@link #reclaim}.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /** So many a sweep are told one by one; the rest is in the meter. */
  private static final int TOLD_MAX = 10;

  private final Ledger ledger;
  private final Meters meters;

  public Sweep(Ledger ledger, Meters meters) {
    this.ledger = ledger;
    this.meters = meters;
  }

  /** The first look: what nobody seems to need. */
  public List<Entry> suspects() {
    meters.count(Meter.SWEEPS);
    List<Entry> suspects = new ArrayList<>();
    for (Resource resource : Resource.values()) {
      for (Entry entry : ledger.oldest(resource, Integer.MAX_VALUE)) {
        if (!entry.owner().needsIt()) {
          suspects.add(entry);
        }
      }
    }
    return suspects;
  }

  /**
   * The second look: what is open still, and needed by nobody still, is reclaimed.
   *
   * @return how many that were
   */
  public int reclaim(List<Entry> suspects) {
    int found = 0;
    for (Entry entry : suspects) {
      if (entry.isOpen() && !entry.owner().needsIt()) {
        if (found < TOLD_MAX) {
          LOG.warn(
              "Reclaiming a {} that nobody needs: {}, open for {} s",
              entry.resource().name().toLowerCase(Locale.ROOT),
              entry.owner().named(),
              entry.age() / 1_000_000_000L);
        }
        meters.count(Meter.ORPHANS_RECLAIMED);
        entry.owner().reclaim();
        found++;
      }
    }
    return found;
  }
}
