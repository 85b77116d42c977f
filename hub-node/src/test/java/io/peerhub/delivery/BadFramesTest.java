package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BadFramesTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theTenthWithinAMinuteIsTooMany() {
    BadFrames bad = new BadFrames(10);
    for (int i = 0; i < 9; i++) {
      assertThat(bad.tooMany(i * SECOND)).isFalse();
    }
    assertThat(bad.tooMany(59 * SECOND)).isTrue();
  }

  @Test
  void tenWithinMoreThanAMinuteAreForgiven() {
    BadFrames bad = new BadFrames(10);
    for (int i = 0; i < 100; i++) {
      assertThat(bad.tooMany(i * 7 * SECOND)).isFalse();
    }
  }

  @Test
  void aBurstAfterAQuietTimeIsSeen() {
    BadFrames bad = new BadFrames(3);
    bad.tooMany(0);
    bad.tooMany(SECOND);
    assertThat(bad.tooMany(100 * SECOND)).isFalse();
    assertThat(bad.tooMany(101 * SECOND)).isFalse();
    assertThat(bad.tooMany(102 * SECOND)).isTrue();
  }

  @Test
  void oneCanBeTooMany() {
    assertThat(new BadFrames(1).tooMany(5)).isTrue();
  }
}
