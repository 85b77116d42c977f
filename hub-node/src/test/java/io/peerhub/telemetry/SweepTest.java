package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SweepTest {
  private final Ledger ledger = new Ledger();
  private final Meters meters = new Meters();
  private final Sweep sweep = new Sweep(ledger, meters);

  @ParameterizedTest
  @EnumSource(Resource.class)
  void whatNobodyNeedsIsReclaimedInOneSweep(Resource resource) {
    Thing orphan = enter(resource, false);
    Thing needed = enter(resource, true);
    assertThat(sweep.reclaim(sweep.suspects())).isEqualTo(1);
    assertThat(orphan.entry.isOpen()).isFalse();
    assertThat(needed.entry.isOpen()).isTrue();
    assertThat(meters.sum(Meter.ORPHANS_RECLAIMED)).isEqualTo(1);
    assertThat(sweep.reclaim(sweep.suspects())).isZero();
  }

  @Test
  void whatIsJustBeingClosedIsLeftAlone() {
    Thing closing = enter(Resource.SOCKET, false);
    List<Entry> suspects = sweep.suspects();
    closing.entry.close();
    assertThat(sweep.reclaim(suspects)).isZero();
    assertThat(closing.reclaimed).isFalse();
  }

  @Test
  void whatFindsItsOwnerInTimeIsLeftAlone() {
    Thing late = enter(Resource.SESSION, false);
    List<Entry> suspects = sweep.suspects();
    late.needed = true;
    assertThat(sweep.reclaim(suspects)).isZero();
    assertThat(late.reclaimed).isFalse();
  }

  private Thing enter(Resource resource, boolean needed) {
    Thing thing = new Thing();
    thing.needed = needed;
    thing.entry = ledger.open(resource, thing);
    return thing;
  }

  private static final class Thing implements Ledger.Owner {
    private boolean needed;
    private boolean reclaimed;
    private Entry entry;

    @Override
    public String named() {
      return "c1";
    }

    @Override
    public boolean needsIt() {
      return needed;
    }

    @Override
    public void reclaim() {
      reclaimed = true;
      entry.close();
    }
  }
}
