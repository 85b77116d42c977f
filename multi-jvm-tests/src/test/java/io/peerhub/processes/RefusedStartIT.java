package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub that cannot be started says why in one line, and leaves nothing behind. */
class RefusedStartIT {
  @ParameterizedTest
  @ValueSource(strings = {"--port", "--http-port", "--cluster-port"})
  void aPortThatIsTakenIsNamed(String option) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String message = refused(1, option + "=" + taken.getLocalPort());
      assertThat(message).startsWith("hub: cannot run: ").contains("" + taken.getLocalPort());
      assertThat(message).contains("does a hub run there?");
    }
    Path pid = RunningHub.DATA.resolve("postgres/cluster/postmaster.pid");
    assertThat(pid).as("the database is stopped again").doesNotExist();
  }

  @Test
  void productionDemandsWhatIsMissing() throws Exception {
    // One line for each, so that nobody has to start it four times to know.
    String nowhere = "--data=" + RunningHub.DATA.resolveSibling("no-data");
    assertThat(refused(4, 1, "--mode=production", nowhere))
        .contains("HUB_AUTH", "HUB_TLS_CERT", "HUB_TLS_KEY", "HUB_DB_URL", "HUB_MASTER_KEY_FILE");
  }

  @Test
  void developmentStaysOnThisMachine() throws Exception {
    assertThat(refused(1, "--host=0.0.0.0")).contains("loopback", "HUB_AUTH");
  }

  @Test
  void aSettingThatIsWrongIsNamed() throws Exception {
    assertThat(refused(1, "--auth=token")).contains("keys-file");
    assertThat(refused(1, "--set=peerhub.session.window=0")).contains("peerhub.session.window");
    assertThat(refused(2, "--set=peerhub.session.windoww=5")).contains("peerhub.session.windoww");
    assertThat(refused(2, "--port=many")).contains("--port");
  }

  private static String refused(int exitCode, String... options)
      throws IOException, InterruptedException {
    return refused(1, exitCode, options);
  }

  private static String refused(int lineCount, int exitCode, String... options)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("up", "--port=0", "--http-port=0", "--data=" + RunningHub.DATA));
    // The last of two equal options would be a fault of its own.
    for (String option : options) {
      String name = option.substring(0, option.indexOf('=') + 1);
      all.removeIf(other -> other.startsWith(name));
      all.add(option);
    }
    try (Child child = RunningHub.launch(all.toArray(String[]::new))) {
      assertThat(child.awaitEnd()).as(child::said).isEqualTo(exitCode);
      String last = child.err();
      // The first start after a build says, indented, that it rehearses.
      assertThat(last.lines().filter(line -> line.matches("hub( up)?: \\S.*")).count())
          .as(last)
          .isEqualTo(lineCount);
      assertThat(last).doesNotContain("\tat ");
      return last;
    }
  }
}
