package io.peerhub.testing.process;

import static io.peerhub.testing.process.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
  @TempDir private Path directory;

  @Test
  void keepsWhatItSaysAndTellsHowItEnded() throws Exception {
    try (Child child = start("one", "sh", "-c", "read x; echo got $x; echo oops >&2; exit 3")) {
      child.hears("it\n");
      assertThat(child.awaitEnd()).isEqualTo(3);
      assertThat(child.out()).isEqualTo("got it\n");
      assertThat(child.err()).isEqualTo("oops\n");
      assertThat(directory.resolve("one.err")).hasContent("oops");
    }
  }

  @Test
  void saysWhatAProcessSaidThatEndsWithoutTheText() throws Exception {
    try (Child child = start("short", "sh", "-c", "echo something else")) {
      assertThatThrownBy(() -> child.awaitText("ready"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("without \"ready\"")
          .hasMessageContaining("something else");
    }
  }

  @Test
  void freezesThawsAndKills() throws Exception {
    Child child = start("loop", "sh", "-c", "i=0; while true; do i=$((i+1)); done");
    child.signal(Signal.STOP);
    await().until(() -> stateOf(child.pid()) == 'T');
    child.signal(Signal.CONT);
    await().until(() -> stateOf(child.pid()) == 'R');
    child.kill();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void endsAFrozenOneWithTheTest() throws Exception {
    Child child = start("frozen", "sleep", "300");
    child.signal(Signal.STOP);
    await().until(() -> stateOf(child.pid()) == 'T');
    child.close();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void givesItNoSettingsButThoseOfTheTest() throws Exception {
    Map<String, String> environment = Map.of("HUB_DB_URL", "jdbc:x");
    try (Child child =
        Child.start(new Child.Place(directory, "env"), List.of("env"), environment)) {
      child.awaitEnd();
      assertThat(child.out().lines().filter(line -> line.startsWith("HUB_")))
          .containsExactly("HUB_DB_URL=jdbc:x");
    }
  }

  @Test
  void allOfItEndsWhenTheJvmOfTheTestIsKilled() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    String classPath = System.getProperty("java.class.path");
    Child jvm = start("jvm", java, "-cp", classPath, Sleeper.class.getName(), directory.toString());
    jvm.awaitText(" .\n");
    List<Long> pids =
        Arrays.stream(jvm.out().split("[ \n]"))
            .filter(word -> word.matches("\\d+"))
            .map(Long::parseLong)
            .toList();
    assertThat(pids).hasSize(3).allMatch(ChildTest::works);
    jvm.kill();
    await().until(() -> pids.stream().noneMatch(ChildTest::works));
  }

  private Child start(String name, String... command) throws IOException {
    return Child.start(new Child.Place(directory, name), List.of(command));
  }

  private static boolean works(long pid) {
    return Files.exists(Path.of("/proc", Long.toString(pid), "cwd"));
  }

  private static char stateOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
