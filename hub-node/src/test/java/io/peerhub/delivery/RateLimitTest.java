package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void givesABurstAtOnceAndThenTheRate() {
    RateLimit limit = new RateLimit(10, 5);
    assertThat(takenAt(limit, 0, 20)).isEqualTo(5);
    assertThat(takenAt(limit, SECOND / 10, 20)).isEqualTo(1);
    assertThat(takenAt(limit, SECOND, 20)).isEqualTo(5);
  }

  @Test
  void saysWhenTheNextOneCanBeHad() {
    RateLimit limit = new RateLimit(10, 1);
    assertThat(limit.take(0)).isTrue();
    assertThat(limit.take(1)).isFalse();
    assertThat(limit.retryAfterMs(1)).isEqualTo(100);
    assertThat(limit.take(1 + 100_000_000L)).isTrue();
  }

  @Test
  void aMonotonicClockMayBeNegativeAndWrap() {
    RateLimit limit = new RateLimit(10, 2);
    assertThat(takenAt(limit, Long.MAX_VALUE - 5, 5)).isEqualTo(2);
    assertThat(takenAt(limit, Long.MIN_VALUE + SECOND, 5)).isEqualTo(2);
  }

  @Test
  void neverGivesMoreThanBurstAndRateInAnyStretch() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      RateLimit limit = new RateLimit(1_000, 50);
      long now = random.nextLong();
      long begin = now;
      long taken = 0;
      for (int i = 0; i < 2_000; i++) {
        now += random.nextLong(2_000_000);
        taken += limit.take(now) ? 1 : 0;
      }
      assertThat(taken)
          .as("seed %d", seed)
          .isBetween((now - begin) / 1_000_000 / 2, 50 + (now - begin) / 1_000_000 + 1);
    }
  }

  @Test
  void refusesToBeNothing() {
    assertThatThrownBy(() -> new RateLimit(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RateLimit(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int takenAt(RateLimit limit, long now, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += limit.take(now) ? 1 : 0;
    }
    return taken;
  }
}
