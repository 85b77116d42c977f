package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallTest {
  private static final long LIMIT = 1_000;

  private final Stall stall = new Stall();

  /** It may wrap, wherever it begins. */
  private long now = Long.MAX_VALUE - 500;

  private boolean isStalled() {
    return stall.isLongerThan(LIMIT, now);
  }

  @Test
  void whoTakesNothingForTooLongIsStalled() {
    stall.waits(100, now);
    now += LIMIT;
    stall.waits(100, now);
    assertThat(isStalled()).isFalse();
    now++;
    assertThat(isStalled()).isTrue();
  }

  @Test
  void whoTakesAByteNowAndThenIsNotHoweverMuchIsAdded() {
    long waiting = 1_000_000;
    for (int i = 0; i < 100; i++) {
      stall.waits(waiting, now);
      now += LIMIT;
      stall.waits(--waiting, now);
      assertThat(isStalled()).isFalse();
      waiting += 1_000;
    }
  }

  @Test
  void moreThatWaitsDoesNotMoveTheTime() {
    stall.waits(100, now);
    for (int i = 0; i < 10; i++) {
      now += LIMIT / 9;
      stall.waits(100 + i, now);
    }
    assertThat(isStalled()).isTrue();
  }

  @Test
  void theTimeBeginsWhenSomethingWaits() {
    stall.waits(0, now);
    now += 2 * LIMIT;
    stall.waits(100, now);
    assertThat(isStalled()).isFalse();
    now += 2 * LIMIT;
    stall.waits(0, now);
    assertThat(isStalled()).as("nothing waits").isFalse();
  }
}
