package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Ledger.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final AtomicLong now = new AtomicLong();
  private final Ledger ledger = new Ledger(now::get);

  @Test
  void theOldestComeFirstAndKnowTheirAge() {
    Entry first = ledger.open(Resource.SOCKET, new Thing("c1"));
    now.set(5);
    Entry second = ledger.open(Resource.SOCKET, new Thing("c2"));
    now.set(7);
    assertThat(ledger.oldest(Resource.SOCKET, 1)).containsExactly(first);
    assertThat(ledger.oldest(Resource.SOCKET, 9)).containsExactly(first, second);
    assertThat(first.age()).isEqualTo(7);
    assertThat(second.age()).isEqualTo(2);
    assertThat(ledger.oldest(Resource.SESSION, 9)).isEmpty();
  }

  @Test
  void anEntryIsClosedOnce() {
    Entry entry = ledger.open(Resource.PEER, new Thing("p"));
    entry.close();
    entry.close();
    assertThat(entry.isOpen()).isFalse();
    assertThat(ledger.closedCount(Resource.PEER)).isEqualTo(1);
    assertThat(ledger.live(Resource.PEER)).isZero();
    assertThat(ledger.oldest(Resource.PEER, 9)).isEmpty();
  }

  @Test
  void whatIsOnlyCountedIsNotListed() {
    ledger.opened(Resource.ROUTE);
    assertThat(ledger.live(Resource.ROUTE)).isEqualTo(1);
    assertThat(ledger.oldest(Resource.ROUTE, 9)).isEmpty();
  }

  @Test
  void theListHoldsJustWhatIsOpenHoweverManyThreadsWriteInIt() throws Exception {
    List<Entry> kept = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Entry>>> all = new ArrayList<>();
      for (int seed = 0; seed < 4; seed++) {
        long mine = seed;
        all.add(threads.submit(() -> openAndClose(new Random(mine))));
      }
      for (Future<List<Entry>> each : all) {
        kept.addAll(each.get());
      }
    }
    assertThat(ledger.oldest(Resource.SESSION, Integer.MAX_VALUE))
        .containsExactlyInAnyOrderElementsOf(kept);
    assertThat(ledger.openedCount(Resource.SESSION)).isEqualTo(40_000);
    assertThat(ledger.live(Resource.SESSION)).isEqualTo(kept.size());
  }

  private List<Entry> openAndClose(Random random) {
    List<Entry> open = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      open.add(ledger.open(Resource.SESSION, new Thing("s")));
      while (!open.isEmpty() && random.nextInt(100) < 49) {
        open.remove(random.nextInt(open.size())).close();
      }
    }
    return open;
  }

  private record Thing(String named) implements Ledger.Owner {
    @Override
    public boolean needsIt() {
      return true;
    }

    @Override
    public void reclaim() {
      throw new AssertionError("nobody asked for it");
    }
  }
}
