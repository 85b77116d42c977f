package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * The reference says what the code does. Where it does not, render it again and read the
 * difference:
 *
 * <pre>
 * mvn -pl protocol test -Dtest=ReferenceTest -Dreference.render=true
 * </pre>
 */
class ReferenceTest {
  @Test
  void theReferenceIsWhatTheCodeSays() throws IOException {
    String written = Reference.read(Reference.FILE);
    String rendered = new Reference().rendered(written);
    if (Boolean.getBoolean("reference.render")) {
      Files.writeString(Reference.FILE, rendered);
      return;
    }

    assertThat(written)
        .as(
            "protocol/README.md differs from the code; render it again by%n"
                + "mvn -pl protocol test -Dtest=ReferenceTest -Dreference.render=true%n"
                + "and commit what has changed")
        .isEqualTo(rendered);
  }

  @Test
  void theReferenceHasAPartForEveryFrame() {
    String written = Reference.read(Reference.FILE);

    for (Shape shape : Shape.values()) {
      if (shape.speaker != Shape.Speaker.NOBODY) {
        assertThat(written).contains("<!-- rendered: frame " + shape.kind + " -->");
      }
    }
  }
}
