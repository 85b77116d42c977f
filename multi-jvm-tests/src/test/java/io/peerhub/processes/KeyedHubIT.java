package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that lets in only who holds a key, and the commands that do. */
class KeyedHubIT {
  private static final String KEY = "a-key-of-alice-with-32-bytes-or-more";

  @Test
  void aKeyOpensWhatIsClosedWithoutIt(@TempDir Path temporary) throws Exception {
    String hex = "hex:" + "0f".repeat(32);
    Path keys =
        Files.writeString(temporary.resolve("keys"), "bob " + hex + "\nalice " + KEY + "\n");
    String alice = "--key-file=" + Files.writeString(temporary.resolve("alice.key"), KEY + "\n");
    String bob = "--key-file=" + Files.writeString(temporary.resolve("bob.key"), hex);

    try (RunningHub hub = RunningHub.up("--auth=hmac", "--keys-file=" + keys);
        Child listen = RunningHub.launch("listen", "--as=bob", bob, hub.server())) {
      listen.awaitText("listening as bob");

      assertThat(send(hub, 0, alice)).contains("delivered");
      assertThat(send(hub, 1, bob)).contains("hub: refused: 2001 ");
      assertThat(send(hub, 1)).contains("hub: refused: 2002 ");
      assertThat(hub.child().out()).as("says no line that would be refused").doesNotContain("nc ");
      assertThat(listen.out()).isEqualTo("alice: hi\n");
      assertThat(hub.child().said() + listen.said()).doesNotContain(KEY).doesNotContain(hex);
    }
  }

  private static String send(RunningHub hub, int exitCode, String... key) throws Exception {
    String[] arguments = {"send", "bob", "hi", "--as=alice", "--confirm=delivered", hub.server()};
    String[] all = new String[arguments.length + key.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(key, 0, all, arguments.length, key.length);
    try (Child child = RunningHub.launch(all)) {
      assertThat(child.awaitEnd()).as(child::said).isEqualTo(exitCode);
      return child.said();
    }
  }
}
