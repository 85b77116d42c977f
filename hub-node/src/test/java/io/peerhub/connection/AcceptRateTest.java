package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AcceptRateTest {
  private static final long SECOND = 1_000_000_000L;

  /** It may wrap, wherever it begins. */
  private long now = Long.MAX_VALUE - 5;

  private final AcceptRate rate = new AcceptRate(100, 3, now);

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      rate.take();
    }
  }

  @Test
  void theBurstIsTakenAtOnceAndTheNextWaitsForItsToken() {
    take(2);
    assertThat(rate.waitNanos(now)).isZero();
    take(1);
    assertThat(rate.waitNanos(now)).isEqualTo(SECOND / 100);
    now += SECOND / 100;
    assertThat(rate.waitNanos(now)).isZero();
  }

  @Test
  void whatABatchTookBeyondItIsWaitedForToo() {
    take(13);
    assertThat(rate.waitNanos(now)).isEqualTo(11 * SECOND / 100);
  }

  @Test
  void inTheLongRunTheyAreNoMoreThanTheRate() {
    long taken = 0;
    for (int look = 0; look < 10_000; look++) {
      while (rate.waitNanos(now) == 0) {
        rate.take();
        taken++;
      }
      now += SECOND / 1000;
    }
    assertThat(taken).isBetween(1_000L, 1_004L);
  }

  @Test
  void howeverLongNobodyComesNoMoreThanTheBurstIsSaved() {
    now += 3600 * SECOND;
    assertThat(rate.waitNanos(now)).isZero();
    take(3);
    assertThat(rate.waitNanos(now)).isPositive();
  }
}
