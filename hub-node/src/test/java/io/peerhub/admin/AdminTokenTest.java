package io.peerhub.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {
  @TempDir Path data;

  @Test
  void aNewTokenIsForItsOwnerAlone() throws IOException {
    Path file = data.resolve("deep/admin.token");
    AdminToken.in(file);
    assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aTokenThatIsThereIsKept() throws IOException {
    Path file = data.resolve("admin.token");
    AdminToken.in(file);
    String text = Files.readString(file).strip();
    assertThat(AdminToken.in(file).opens("Bearer " + text)).isTrue();
    assertThat(AdminToken.in(file).opens("bearer " + text)).isTrue();
  }

  @Test
  void nothingElseOpens() throws IOException {
    Path file = data.resolve("admin.token");
    AdminToken token = AdminToken.in(file);
    String text = Files.readString(file).strip();
    assertThat(token.opens("")).isFalse();
    assertThat(token.opens("Bearer ")).isFalse();
    assertThat(token.opens(text)).isFalse();
    assertThat(token.opens("Basic " + text)).isFalse();
    assertThat(token.opens("Bearer " + text.substring(1))).isFalse();
    assertThat(token.opens("Bearer " + text + text)).isFalse();
    assertThat(token.opens("Bearer " + text.toUpperCase(Locale.ROOT) + "g")).isFalse();
  }

  @Test
  void twoTokensAreNeverTheSame() throws IOException {
    AdminToken.in(data.resolve("a"));
    AdminToken.in(data.resolve("b"));
    assertThat(data.resolve("a")).content().isNotEqualTo(Files.readString(data.resolve("b")));
  }

  @Test
  void aGivenTokenIsReadAndNeverMade() throws IOException {
    Path file = data.resolve("given");
    assertThatThrownBy(() -> AdminToken.given(file)).isInstanceOf(IOException.class);
    assertThat(file).doesNotExist();
    String text = "a-token.of+some/other~system_0123456789==";
    write(file, text + "\n", "rw-r-----");
    assertThat(AdminToken.given(file).opens("Bearer " + text)).isTrue();
    assertThat(AdminToken.given(file).opens("Bearer " + text + "=")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-"})
  void aTokenThatEverybodyCanGetAtOpensNothing(String permissions) throws IOException {
    Path file = data.resolve("exposed");
    write(file, "0".repeat(64), permissions);
    assertThatThrownBy(() -> AdminToken.in(file)).hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> AdminToken.given(file)).hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "short", "0000000000000000000000000000000", "two words and 32 letters"})
  void whatIsTooShortToBeATokenIsNone(String text) throws IOException {
    Path file = data.resolve("weak");
    write(file, text, "rw-------");
    assertThatThrownBy(() -> AdminToken.given(file)).hasMessageContaining("does not hold a token");
  }

  private static void write(Path file, String text, String permissions) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aFileWithSomethingElseIsNoToken() throws IOException {
    Path file = data.resolve("admin.token");
    write(file, "secret", "rw-------");
    assertThatThrownBy(() -> AdminToken.in(file))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("secret");
  }
}
