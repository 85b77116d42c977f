package io.peerhub.processes;

import static io.peerhub.processes.RunningHub.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README word for word: what it says to type is typed, and answered as it says. */
class ReadmeIT {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- ([a-z ]+) -->\\n```\\w+\\n(.*?)```", Pattern.DOTALL);
  private static final String PORT = "37888";

  @TempDir private static Path temporary;
  private static RunningHub hub;
  private static String readme;

  @BeforeAll
  static void start() throws IOException {
    readme = Files.readString(HOME.resolve("README.md"));
    hub = RunningHub.up();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void itsConversationWorksLineByLine() throws IOException {
    Map<String, Conversation> terminals = new HashMap<>();
    int answers = 0;
    for (MatchResult block : blocks("(says|hears)")) {
      String[] title = block.group(1).split(" ");
      Conversation terminal = terminals.get(title[0]);
      if (terminal == null) {
        terminal = new Conversation(hub.port());
        terminals.put(title[0], terminal);
      }
      for (String line : block.group(2).lines().toList()) {
        if (title[1].equals("says")) {
          terminal.says(line);
        } else {
          assertThat(withoutNumbers(terminal.hears())).isEqualTo(withoutNumbers(line));
          answers++;
        }
      }
    }
    assertThat(terminals).containsOnlyKeys("alice", "bob");
    assertThat(answers).isEqualTo(5);
    assertThat(terminals.get("alice").hears()).as("after bye").isNull();
    for (Conversation terminal : terminals.values()) {
      terminal.close();
    }
  }

  @Test
  void theHubItselfSaysTheLinesOfTheReadme() {
    List<String> greeting =
        hub.child().out().lines().map(String::strip).filter(line -> line.startsWith("{")).toList();

    assertThat(greeting).hasSize(3).allSatisfy(line -> assertThat(readme).contains(line));
    assertThat(hub.child().out()).contains("nc 127.0.0.1 " + hub.port());
  }

  @Test
  void itsJavaRuns() throws Exception {
    String code = onOurPort(only("java"));
    int body = code.indexOf("\n\n");
    Path file = temporary.resolve("Example.java");
    Files.writeString(
        file,
        code.substring(0, body) + "\nvoid main() throws Exception {" + code.substring(body) + "}");
    String java = ProcessHandle.current().info().command().orElseThrow();
    String classPath = System.getProperty("java.class.path");

    try (Child example =
        Child.start(
            new Child.Place(temporary, "example"),
            List.of(java, "-cp", classPath, file.toString()))) {
      assertThat(example.awaitEnd()).as(example::said).isZero();
      assertThat(example.out()).isEqualTo("bob: hi yourself\n");
    }
  }

  @Test
  void itsNodeScriptRunsWithAStrangersLibrary() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("node"));
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(Path.of("src/test/node", file), folder.resolve(file));
    }
    try (Child install =
        Child.start(
            new Child.Place(folder, "npm"), List.of("npm", "ci", "--no-audit", "--no-fund"))) {
      assertThat(install.awaitEnd()).as(install::said).isZero();
    }
    Path script = Files.writeString(folder.resolve("carol.js"), onOurPort(only("node")));

    try (Child carol =
        Child.start(new Child.Place(folder, "node"), List.of("node", script.toString()))) {
      carol.awaitText("{\"welcome\":");
      try (Child send =
          RunningHub.launch(
              "send", "carol", "hi", "--as=dave", "--confirm=delivered", hub.server())) {
        assertThat(send.awaitEnd()).as(send::said).isZero();
      }
      carol.awaitText("{\"message\":{\"seq\":1,\"from\":\"dave\",\"text\":\"hi\"");
    }
  }

  private static List<MatchResult> blocks(String title) {
    List<MatchResult> found = new ArrayList<>();
    BLOCK
        .matcher(readme)
        .results()
        .filter(block -> block.group(1).matches("(\\w+ )?" + title))
        .forEach(found::add);
    return found;
  }

  private static String only(String title) {
    assertThat(blocks(title)).hasSize(1);
    return blocks(title).getFirst().group(2);
  }

  private static String onOurPort(String code) {
    assertThat(code).contains(PORT);
    return code.replace(PORT, Integer.toString(hub.port()));
  }

  /** What is another at each start, and said so. */
  private static String withoutNumbers(String frame) {
    return frame
        .replaceAll("\"(session|node)\":\"[^\"]*\"", "\"$1\":\"...\"")
        .replaceAll("\"(epoch|sentAt)\":\\d+", "\"$1\":0");
  }
}
