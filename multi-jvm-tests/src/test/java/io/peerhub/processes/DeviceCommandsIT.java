package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./hub device}, beside a node that runs and without one. */
class DeviceCommandsIT {
  /** The data is kept from one run to the next, and with it the devices. */
  private static final String NAME =
      "it-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  private static final String CANARY = "a-canary-that-is-a-key-of-32-bytes-or-more";

  @TempDir private Path temporary;

  @Test
  void aDeviceIsAddedBeforeTheNodeRunsAndIsRuledWhileItDoes() throws Exception {
    String alice = NAME + "/alice";
    String bob = NAME + "/bob";
    Child added = run(0, "add", alice, "--json", "--label", "role=tester");
    assertThat(added.out())
        .startsWith("{\"identity\":\"" + alice + "\",\"status\":\"approved\",\"keys\":1")
        .contains("\"labels\":{\"role\":\"tester\"}");
    Path keyOfAlice = Files.writeString(temporary.resolve("alice.key"), found(added.out()));
    Path keyOfBob = Files.writeString(temporary.resolve("bob.key"), CANARY + "\n");
    assertThat(run(0, "add", bob, "--key-file", keyOfBob.toString()).said()).doesNotContain(CANARY);
    assertThat(run(1, "add", bob).err()).contains("already");
    assertThat(run(0, "password", bob, "--json").out())
        .contains("\"password\":true")
        .containsPattern("\"secret\":\"[A-Za-z0-9_-]{20}\"");
    assertThat(run(0, "label", bob, "site=a", "role=", "--json").out())
        .contains("\"labels\":{\"site\":\"a\"}");
    assertThat(run(0, "reseal").out()).isEqualTo("sealed again: 0\n");

    try (RunningHub hub = RunningHub.up("--auth=hmac");
        Child listen =
            RunningHub.launch(
                "listen", "--as=" + alice, "--key-file=" + keyOfAlice, hub.server())) {
      listen.awaitText("listening as " + alice);
      send(hub, 0, bob, alice, keyOfBob);
      assertThat(run(0, "list").out())
          .containsPattern("(?m)^" + bob + " +approved +1\\+p +20\\S+Z +127\\.0\\.0\\.1 +hub");

      run(0, "disable", alice);
      listen.awaitText("2005");
      assertThat(listen.awaitEnd()).isEqualTo(1);
      assertThat(send(hub, 1, alice, bob, keyOfAlice)).contains("hub: refused: 2005 ");
      assertThat(run(0, "list", "--status=disabled", "--json").out()).contains(alice);
      run(0, "approve", alice);

      try (Child rotate =
          RunningHub.launch("device", "rotate", bob, "--only", "--key-file=-", data())) {
        rotate.hears("another-" + CANARY + "\n");
        assertThat(rotate.awaitEnd()).as(rotate::said).isZero();
      }
      assertThat(send(hub, 1, bob, bob, keyOfBob)).contains("hub: refused: 2001 ");
      Files.writeString(keyOfBob, "another-" + CANARY);
      send(hub, 1, bob, NAME + "/nobody", keyOfBob);
      assertThat(hub.child().said()).doesNotContain(CANARY).doesNotContain("ERROR");
    }
  }

  @Test
  void whatCannotBeIsSaid() throws Exception {
    String carol = NAME + "/carol";
    assertThat(run(2, "add", "no name").err()).contains("no identity");
    assertThat(run(2, "add", carol, "--key", "zz" + "0f".repeat(32)).err())
        .contains("not hex")
        .doesNotContain("0f0f");
    assertThat(run(2, "add", carol, "--key", "0f").err()).contains("at least 32 bytes");
    assertThat(run(1, "approve", carol).err()).isEqualTo("hub: there is no device " + carol + "\n");
    assertThat(run(1, "rotate", carol).err()).contains("there is no device");
    try (Child elsewhere =
        RunningHub.launch("device", "list", "--data=" + temporary.resolve("nowhere"))) {
      assertThat(elsewhere.awaitEnd()).isEqualTo(1);
      assertThat(elsewhere.err()).contains("--data");
    }
    assertThat(temporary.resolve("nowhere")).doesNotExist();
    run(2);
  }

  private static String send(RunningHub hub, int exitCode, String as, String to, Path key)
      throws Exception {
    try (Child send =
        RunningHub.launch(
            "send",
            to,
            "hi",
            "--as=" + as,
            "--confirm=accepted",
            "--key-file=" + key,
            hub.server())) {
      assertThat(send.awaitEnd()).as(send::said).isEqualTo(exitCode);
      return send.said();
    }
  }

  private static String data() {
    return "--data=" + RunningHub.DATA;
  }

  private static Child run(int exitCode, String... arguments) throws Exception {
    String[] all = new String[arguments.length + (arguments.length == 0 ? 1 : 2)];
    all[0] = "device";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    if (arguments.length > 0) {
      all[all.length - 1] = data();
    }
    try (Child child = RunningHub.launch(all)) {
      assertThat(child.awaitEnd()).as(child::said).isEqualTo(exitCode);
      return child;
    }
  }

  private static String found(String json) throws IOException {
    Matcher key = Pattern.compile("\"secret\":\"(hex:[0-9a-f]{64})\"").matcher(json);
    assertThat(key.find()).as(json).isTrue();
    return key.group(1);
  }
}
