package io.peerhub.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class ProcessNameTest {
  @Test
  void namesAProcessForGood() {
    long self = ProcessHandle.current().pid();
    ProcessName name = ProcessName.of(self).orElseThrow();
    assertThat(name.isAlive()).isTrue();
    assertThat(ProcessName.parse(name.toString())).isEqualTo(name);
    assertThat(new ProcessName(self, name.began() + 1).isAlive())
        .as("another of that id")
        .isFalse();
  }

  @Test
  void aProcessThatHasEndedHasNoNameAndNeedsNoWatch() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertThat(ProcessName.of(ended.pid())).isEmpty();
    assertThatCode(() -> Reaper.watch(ended.pid())).doesNotThrowAnyException();
  }
}
