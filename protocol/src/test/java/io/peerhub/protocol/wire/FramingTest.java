package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FramingTest {
  private static final int LIMIT = 8;

  private final Framing lines = Framing.lines(LIMIT);

  @Test
  void tooManyBlankLinesAreRefusedWhenTheyComeTogetherWithAFrame() {
    byte[] stream = ascii("\n".repeat(LIMIT + 1) + "{}\n");

    assertThatExceptionOfType(BadFrame.class)
        .isThrownBy(() -> lines.next(stream, 0, stream.length))
        .matches(bad -> bad.refusal() == Refusal.FRAME_TOO_LARGE);
  }

  @Test
  void blankLinesNeedNotBeKept() throws BadFrame {
    byte[] stream = ascii("\n \n\r\n{\"a\"");

    assertThat(lines.next(stream, 0, stream.length)).isFalse();
    assertThat(lines.end()).isEqualTo(5);
  }

  @Test
  void aFrameForgivesTheBlankLinesBeforeIt() throws BadFrame {
    byte[] stream = ascii(("\n".repeat(LIMIT) + "{}\n").repeat(3));
    int from = 0;
    for (int i = 0; i < 3; i++) {
      assertThat(lines.next(stream, from, stream.length)).isTrue();
      from = lines.end();
    }
    assertThat(from).isEqualTo(stream.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
