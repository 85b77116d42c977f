package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a hub, good or bad, and what is left of it. */
class StoppingIT {
  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalEndsItCleanly(String signal, int exitCode) throws Exception {
    try (RunningHub hub = RunningHub.up();
        Conversation bob = new Conversation(hub.port())) {
      ProcessHandle database = hub.database().orElseThrow();
      bob.says("{\"hello\":{\"version\":1,\"peer\":\"bob\",\"auth\":\"none\"}}");
      assertThat(bob.hears()).startsWith("{\"welcome\":");

      hub.child().signal(Signal.valueOf(signal));

      assertThat(hub.child().awaitEnd()).as(hub.child()::said).isEqualTo(exitCode);
      assertThat(hub.child().out()).endsWith("Stopped.\n");
      assertThat(hub.child().err()).isEmpty();
      assertThat(bob.hears()).as("sent away before it is cut").startsWith("{\"goaway\":");
      assertThat(database.isAlive()).isFalse();
    }
  }

  @Test
  void theDatabaseOfAKilledHubIsAdoptedByTheNextOne() throws Exception {
    ProcessHandle database;
    String before;
    try (RunningHub hub = RunningHub.up();
        Conversation bob = new Conversation(hub.port())) {
      database = hub.database().orElseThrow();
      bob.says("{\"hello\":{\"version\":1,\"peer\":\"bob\",\"auth\":\"none\"}}");
      before = bob.hears();
      hub.child().signal(Signal.KILL);
      assertThat(hub.child().awaitEnd()).isEqualTo(137);
    }
    assertThat(database.isAlive()).as("it serves whoever comes next").isTrue();

    try (RunningHub hub = RunningHub.up();
        Conversation bob = new Conversation(hub.port())) {
      assertThat(hub.database()).hasValue(database);
      bob.says("{\"hello\":{\"version\":1,\"peer\":\"bob\",\"auth\":\"none\"}}");
      assertThat(epoch(bob.hears())).isGreaterThan(epoch(before));
      hub.child().signal(Signal.TERM);
      hub.child().awaitEnd();
    }
    await().until(() -> !database.isAlive());
  }

  private static long epoch(String welcome) {
    return Long.parseLong(welcome.replaceAll(".*\"epoch\":(\\d+).*", "$1"));
  }
}
