package io.peerhub.identity.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.identity.device.SecretFile;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String OTHER = "fedcba9876543210fedcba9876543210";
  private static final Identity ALICE = new Identity("alice/phone");

  @TempDir Path folder;
  private Path file;
  private final AtomicLong nanos = new AtomicLong();
  private long writes;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("keys");
  }

  @Test
  void readsKeysAsTheyStandAndFromHex() throws IOException {
    KeyFile keys = open("# devices\n\nalice/phone " + KEY + "\n  bob\thex:" + "ab".repeat(32));

    assertThat(keysOf(keys, ALICE)).containsExactly(KEY.getBytes(StandardCharsets.UTF_8));
    assertThat(keysOf(keys, new Identity("bob")).getFirst()).hasSize(32).containsOnly(0xab);
    assertThat(keys.isKnown(ALICE)).isTrue();
    assertThat(keys.isKnown(new Identity("alice"))).isFalse();
    assertThat(keysOf(keys, new Identity("alice"))).isEmpty();
  }

  @Test
  void twoLinesOfOneIdentityAreTwoKeysThatAreValidAtOnce() throws IOException {
    KeyFile keys = open("alice/phone " + KEY + "\nalice/phone " + OTHER);

    assertThat(keysOf(keys, ALICE)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice too-short",
        "alice",
        "alice hex:00ff",
        "alice hex:" + KEY + KEY + "zz",
        "al*ce " + KEY,
        "alice " + KEY + " more"
      })
  void aWrongLineIsNamedByItsNumberAndNeverByWhatIsInIt(String line) throws IOException {
    write("bob " + KEY + "\n" + line);

    assertThatThrownBy(() -> new KeyFile(file, Runnable::run, nanos::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void aChangeHoldsWithinASecond() throws IOException {
    KeyFile keys = open("alice/phone " + KEY);
    write("bob " + OTHER);

    assertThat(keysOf(keys, ALICE)).as("within the second the file is not looked at").hasSize(1);
    nanos.addAndGet(1_000_000_000L);

    assertThat(keysOf(keys, ALICE)).isEmpty();
    assertThat(keys.isKnown(ALICE)).isFalse();
    assertThat(keysOf(keys, new Identity("bob"))).hasSize(1);
  }

  @Test
  void aFileThatHasBecomeWrongOrIsGoneLeavesTheKeysThatWereValid() throws IOException {
    KeyFile keys = open("alice/phone " + KEY);

    write("alice/phone short");
    nanos.addAndGet(1_000_000_000L);
    assertThat(keysOf(keys, ALICE)).hasSize(1);

    Files.delete(file);
    nanos.addAndGet(1_000_000_000L);
    assertThat(keysOf(keys, ALICE)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rw-----w-"})
  void aFileThatEverybodyMayReadOrAGroupMayWriteIsExposed(String permissions) throws IOException {
    write("alice/phone " + KEY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(SecretFile.isExposed(file)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rw-r-----"})
  void aFileOfItsOwnerAndItsGroupsReadersIsNot(String permissions) throws IOException {
    write("alice/phone " + KEY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThat(SecretFile.isExposed(file)).isFalse();
  }

  private KeyFile open(String text) throws IOException {
    write(text);
    return new KeyFile(file, Runnable::run, nanos::get);
  }

  /** Each write has a time of its own, however coarse the file system's clock is. */
  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L + 1000 * writes++));
  }

  private static List<byte[]> keysOf(KeyFile keys, Identity identity) {
    return keys.keysOf(identity).toCompletableFuture().join();
  }
}
