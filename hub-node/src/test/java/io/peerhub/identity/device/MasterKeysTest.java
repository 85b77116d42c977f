package io.peerhub.identity.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTest {
  private static final String FIRST = TestVault.MASTER;
  private static final String SECOND = "fedcba9876543210".repeat(4);
  @TempDir private Path folder;

  @Test
  void theFirstOneSealsAndEachIsFoundByItsName() {
    MasterKeys keys = MasterKeys.parse("file", List.of("# new", SECOND, "", FIRST));
    String older = MasterKeys.parse("file", List.of(FIRST)).current().name();

    assertThat(keys.current().name()).isNotEqualTo(older).matches("[0-9a-f]{16}");
    assertThat(keys.named(older)).isPresent();
    assertThat(keys.named("else")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "0123", "xy", "# nothing"})
  void whatIsNoKeyIsNamedByItsLineAndNotShown(String text) {
    assertThatThrownBy(() -> MasterKeys.parse("file", List.of(FIRST.toUpperCase() + "0", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("file, line 1")
        .message()
        .doesNotContainIgnoringCase(FIRST.substring(0, 16));
    assertThatThrownBy(() -> MasterKeys.parse("file", List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theVariableIsStrongerThanTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("master.key"), FIRST);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    MasterKeys found = MasterKeys.find(Optional.of(SECOND + "," + FIRST), file, false);

    assertThat(found.current().name())
        .isEqualTo(MasterKeys.parse("test", List.of(SECOND)).current().name());
    assertThat(found.named(MasterKeys.find(Optional.empty(), file, false).current().name()))
        .isPresent();
  }

  @Test
  void oneIsMadeOnceForItsOwnerAloneWhoeverComesAtOnce() throws Exception {
    Path file = folder.resolve("data/master.key");
    Set<String> names = ConcurrentHashMap.newKeySet();
    Callable<Boolean> start =
        () -> names.add(MasterKeys.find(Optional.empty(), file, true).current().name());
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var node : nodes.invokeAll(IntStream.range(0, 16).mapToObj(i -> start).toList())) {
        node.get();
      }
    }
    assertThat(names).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void noneIsMadeWhereNoneMayBeAndAnOpenOneIsRefused() throws Exception {
    Path file = folder.resolve("master.key");
    assertThatThrownBy(() -> MasterKeys.find(Optional.empty(), file, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no master key");
    Files.writeString(file, FIRST);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> MasterKeys.find(Optional.empty(), file, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }
}
