package io.peerhub.client;

import static io.peerhub.client.Silence.Verdict.ASK;
import static io.peerhub.client.Silence.Verdict.GIVE_UP;
import static io.peerhub.client.Silence.Verdict.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceTest {
  private final Silence silence = new Silence(100, 1_000);

  @Test
  void asksOnceAfterOneHeartbeatAndGivesUpOnceAfterTwo() {
    assertThat(silence.judge(1_099)).isEqualTo(NOTHING);
    assertThat(silence.due()).isEqualTo(1_100);
    assertThat(silence.judge(1_100)).isEqualTo(ASK);
    assertThat(silence.judge(1_150)).isEqualTo(NOTHING);
    assertThat(silence.due()).isEqualTo(1_200);
    assertThat(silence.judge(1_200)).isEqualTo(GIVE_UP);
    assertThat(silence.judge(5_000)).isEqualTo(NOTHING);
    assertThat(silence.due()).isGreaterThan(1_000_000);
  }

  @Test
  void anyFrameBreaksTheSilence() {
    silence.judge(1_100);
    silence.heard(1_199);
    assertThat(silence.judge(1_250)).isEqualTo(NOTHING);
    assertThat(silence.judge(1_299)).isEqualTo(ASK);
  }

  @Test
  void givesUpEvenWhereItCameTooLateToAsk() {
    assertThat(silence.judge(9_000)).isEqualTo(GIVE_UP);
  }
}
