package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacklogsTest {
  private static final int WEIGHT = 200;

  private final Budget budget = new Budget(100_000_000);
  private final Backlogs backlogs = new Backlogs(budget);
  private final List<Hoard> all = new ArrayList<>();

  /** How often any of them was looked at. */
  private long looks;

  private long drops;

  private final class Hoard implements Backlogs.Waiting {
    private long bytes;

    void take() {
      assertThat(backlogs.take(WEIGHT)).isTrue();
      resize(bytes + WEIGHT);
    }

    void resize(long to) {
      long before = bytes;
      bytes = to;
      backlogs.resized(this, before);
    }

    @Override
    public long waitingBytes() {
      looks++;
      return bytes;
    }

    @Override
    public void giveUpOldest() {
      drops++;
      long longest = all.stream().mapToLong(each -> each.bytes).max().orElseThrow();
      assertThat(2 * bytes).as("%s of %s", bytes, longest).isGreaterThan(longest);
      budget.release(WEIGHT);
      resize(bytes - WEIGHT);
    }
  }

  @Test
  void aDropLooksAtAFewOnlyHoweverManyWait() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      all.add(new Hoard());
    }
    for (int i = 0; i < 50_000; i++) {
      all.get(random.nextInt(all.size())).take();
    }
    budget.takeAnyway(budget.maxBytes() - budget.used()); // From now on each costs a drop.
    looks = 0;
    for (int i = 0; i < 1_000; i++) {
      all.get(random.nextInt(all.size())).take();
    }
    assertThat(drops).isEqualTo(1_000);
    assertThat(looks).isLessThanOrEqualTo(4 * drops);
  }

  @Test
  void oneOfTheLongestGivesUpUntilNobodyHasAnything() {
    for (long bytes : new long[] {400, 12_000, 1_000, 9_000, 200}) {
      Hoard hoard = new Hoard();
      all.add(hoard);
      budget.takeAnyway(bytes);
      hoard.resize(bytes);
    }
    budget.takeAnyway(budget.maxBytes() - budget.used());
    int taken = 0;
    while (backlogs.take(WEIGHT)) {
      taken++;
    }
    assertThat(all).allMatch(hoard -> hoard.bytes == 0);
    assertThat(taken).isEqualTo(22_600 / WEIGHT);
    assertThat(drops).isEqualTo(taken);
  }

  @Test
  void inVainWhereNobodyWaits() {
    Hoard hoard = new Hoard();
    all.add(hoard);
    hoard.take();
    hoard.resize(0);
    budget.takeAnyway(budget.maxBytes());
    assertThat(backlogs.take(1)).isFalse();
    assertThat(drops).isZero();
  }
}
