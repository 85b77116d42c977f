package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.wire.Liveness.Step;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Liveness liveness = new Liveness(100, 1_000);

  @Test
  void pingsAfterOneHeartbeatOfSilenceAndClosesAfterTwo() {
    assertThat(liveness.nextAt()).isEqualTo(1_100);
    assertThat(liveness.step(1_099)).isEqualTo(Step.WAIT);
    assertThat(liveness.step(1_100)).isEqualTo(Step.PING);
    assertThat(liveness.nextAt()).isEqualTo(1_200);
    assertThat(liveness.step(1_199)).isEqualTo(Step.WAIT);
    assertThat(liveness.step(1_200)).isEqualTo(Step.CLOSE);
  }

  @Test
  void aFrameBeginsTheSilenceAnew() {
    liveness.step(1_100);
    liveness.heard(1_150);
    assertThat(liveness.step(1_249)).isEqualTo(Step.WAIT);
    assertThat(liveness.step(1_250)).isEqualTo(Step.PING);
  }

  @Test
  void pingsOnceForEachSilence() {
    assertThat(liveness.step(1_100)).isEqualTo(Step.PING);
    assertThat(liveness.step(1_101)).isEqualTo(Step.WAIT);
  }

  @Test
  void closesOnceForEachSilence() {
    liveness.step(1_100);
    assertThat(liveness.step(1_200)).isEqualTo(Step.CLOSE);
    assertThat(liveness.step(1_300)).isEqualTo(Step.WAIT);
    assertThat(liveness.nextAt()).isGreaterThan(1_000_000);
    liveness.heard(1_400);
    assertThat(liveness.nextAt()).isEqualTo(1_500);
  }

  @Test
  void whoStoodStillPingsBeforeItCloses() {
    assertThat(liveness.step(9_000)).as("nobody was asked yet").isEqualTo(Step.PING);
    assertThat(liveness.step(9_099)).isEqualTo(Step.WAIT);
    assertThat(liveness.step(9_100)).isEqualTo(Step.CLOSE);
  }
}
