package io.peerhub.testing.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SceneTest {
  @Test
  void endsAllInTurnWhateverFailsAndTakesItsFilesWithIt() throws Exception {
    List<String> ended = new ArrayList<>();
    Scene scene = Scene.open("one");
    scene.ending(() -> ended.add("first"));
    scene.ending(
        () -> {
          throw new IllegalStateException("stuck");
        });
    scene.ending(() -> ended.add("last"));
    Files.writeString(scene.directory().resolve("some.out"), "said");
    assertThatThrownBy(scene::close).hasSuppressedException(new IllegalStateException("stuck"));
    assertThat(ended).containsExactly("last", "first");
    assertThat(scene.directory()).doesNotExist();
  }

  @Test
  void keepsWhatWasSaidAfterAFailure() throws Exception {
    Scene scene = Scene.open("a test / with: signs");
    scene.database();
    Files.writeString(scene.directory().resolve("some.out"), "said");
    scene.keepLogs();
    scene.close();
    try (var left = Files.list(scene.directory())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("some.out", "postgres-1.log");
    }
    Files.delete(scene.directory().resolve("some.out"));
    Files.delete(scene.directory().resolve("postgres-1.log"));
    Files.delete(scene.directory());
  }

  @Test
  void twoOfOneNameShareNoDirectory() throws Exception {
    try (Scene one = Scene.open("same");
        Scene other = Scene.open("same")) {
      assertThat(one.directory()).isNotEqualTo(other.directory());
    }
  }
}
