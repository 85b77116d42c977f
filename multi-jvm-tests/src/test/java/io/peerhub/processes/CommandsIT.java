package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import io.peerhub.testing.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The launcher's commands against a running hub: what they print, and how they end. */
class CommandsIT {
  private static RunningHub hub;

  @BeforeAll
  static void start() throws IOException {
    hub = RunningHub.up();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void whatIsSentIsListenedTo() throws Exception {
    try (Child bob = listen("bob")) {
      run(0, "send", "bob", "hi\n\u001b[2J{}", "--as=alice", hub.server()).close();
      bob.awaitText("alice: hi\\n\\u001b[2J{}\n");
      assertThat(bob.out()).as("one line, and nothing that a terminal would obey").hasLineCount(1);
    }
  }

  @Test
  void programsGetFramesAndSendValues() throws Exception {
    try (Child bob = listen("bob/json", "--json")) {
      Child send =
          run(
              0,
              "send",
              "bob/json",
              "{\"a\":[1,2]}",
              "--json",
              "--confirm=delivered",
              "--as=alice/json",
              hub.server());
      assertThat(send.out()).isEqualTo("delivered\n");
      bob.awaitText("{\"message\":{\"seq\":1,\"from\":\"alice/json\",\"json\":{\"a\":[1,2]},");
    }
  }

  @Test
  void aBodyMayComeFromStandardInput() throws Exception {
    try (Child bob = listen("bob/stdin");
        Child send =
            RunningHub.launch("send", "bob/stdin", "-", "--as=alice/stdin", hub.server())) {
      send.hears("piped in\n");
      assertThat(send.awaitEnd()).as(send::said).isZero();
      bob.awaitText("alice/stdin: piped in\n");
    }
  }

  @Test
  void aListenerThatIsToldToEndSaysGoodBye() throws Exception {
    try (Child bob = listen("bob/bye")) {
      bob.signal(Signal.INT);
      assertThat(bob.awaitEnd()).isEqualTo(130);
    }
    // Without the bye the session would wait for its listener, and the send be accepted.
    Child send = run(1, "send", "bob/bye", "hi", hub.server());
    assertThat(send.err()).isEqualTo("hub: refused: 3002 the receiver is offline\n");
  }

  @Test
  void aCriticalMessageWaitsForItsListenerAndBringsAReceipt() throws Exception {
    Child early = run(0, "send", "bob/kept", "one", "--critical", "--as=alice/1", hub.server());
    assertThat(early.out()).isEqualTo("accepted\n");
    try (Child bob = listen("bob/kept")) {
      bob.awaitText("alice/1: one\n");
      Child send =
          run(
              0,
              "send",
              "bob/kept",
              "two",
              "--critical",
              "--confirm=delivered",
              "--as=alice/2",
              hub.server());
      assertThat(send.out()).isEqualTo("delivered\n");
      bob.awaitText("alice/1: one\nalice/2: two\n");
    }
  }

  @Test
  void aSecondListenerTakesOverAndTheFirstIsTold() throws Exception {
    try (Child first = listen("bob/twice");
        Child second = listen("bob/twice")) {
      assertThat(first.awaitEnd()).as(first::said).isEqualTo(1);
      assertThat(first.err()).endsWith("hub: refused: 2009 taken over by a newer connection\n");
      assertThat(second.isAlive()).isTrue();
    }
  }

  @Test
  void peersAreListedForPeopleAndForPrograms() throws Exception {
    try (Child bob = listen("bob/listed")) {
      String people = run(0, hub.pages("peers")).out();
      assertThat(people).startsWith("PEER").containsPattern("(?m)^bob/listed .* binary$");

      String programs = run(0, hub.pages("peers", "--json")).out();
      assertThat(programs).hasLineCount(1).contains("{\"identity\":\"bob/listed\",\"epoch\":");
      assertThat(bob.isAlive()).isTrue();
    }
  }

  @Test
  void statisticsAreForPeopleAndForPrograms() throws Exception {
    String people = run(0, hub.pages("stats")).out();
    assertThat(people).containsPattern("(?m)^connections +\\d+$");
    assertThat(people).containsPattern("(?m)^dropped\\.offline +\\d+$");

    String programs = run(0, hub.pages("stats", "--json")).out();
    assertThat(programs).hasLineCount(1).startsWith("{\"node\":").endsWith("}}\n");
  }

  @Test
  void theVersionNamesVersionCommitAndJdk() throws Exception {
    assertThat(run(0, "version").out()).matches("PeerHub \\d\\S* \\(commit \\S+\\), JDK \\d+.*\n");
  }

  @Test
  void helpListsTheCommands() throws Exception {
    assertThat(run(0, "help").out()).contains("up ", "send ", "listen ", "peers ", "stats ");
    assertThat(run(0, "help", "up").out()).contains("--port", "HUB_PORT");
  }

  @Test
  void wrongUsageIsTwo() throws Exception {
    run(2);
    run(2, "dance");
    run(2, "send", "bob");
    run(2, "send", "no such address", "hi", hub.server());
    run(2, "listen", "--as=*", hub.server());
  }

  @Test
  void nobodyThereIsThree() throws Exception {
    String nowhere = "127.0.0.1:1";
    Child send = run(3, "send", "bob", "hi", "--server=" + nowhere);
    assertThat(send.err()).isEqualTo("hub: cannot connect to 127.0.0.1:1: Connection refused\n");
    run(3, "listen", "--as=bob", "--server=" + nowhere);
    String token = "--token-file=" + RunningHub.DATA.resolve("admin.token");
    run(3, "stats", "--http=" + nowhere, token);
  }

  @Test
  void aWrongTokenIsSaid() throws Exception {
    Path other = RunningHub.DATA.resolve("postgres/password");
    String[] stats = hub.pages("stats", "--token-file=" + other);
    stats[2] = "--json";
    assertThat(run(1, stats).err()).contains("is not this node's");
  }

  private static Child listen(String name, String... more) throws IOException {
    String[] all = new String[more.length + 3];
    all[0] = "listen";
    all[1] = "--as=" + name;
    all[2] = hub.server();
    System.arraycopy(more, 0, all, 3, more.length);
    Child listening = RunningHub.launch(all);
    listening.awaitText("listening as " + name);
    return listening;
  }

  private static Child run(int exitCode, String... arguments) throws Exception {
    try (Child child = RunningHub.launch(arguments)) {
      assertThat(child.awaitEnd()).as(child::said).isEqualTo(exitCode);
      return child;
    }
  }
}
