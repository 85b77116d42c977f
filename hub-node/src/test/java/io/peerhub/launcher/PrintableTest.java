package io.peerhub.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "hi", "grüße, 世界 👋", "{\"a\":[1, 2]}", "back\\slash"})
  void whatATerminalShowsIsLeftAsItIs(String text) {
    assertThat(Printable.of(text)).isEqualTo(text);
  }

  @Test
  void noTextBreaksItsLine() {
    assertThat(Printable.of("a\nb\r\nc\u2028d\u2029e\u0085f"))
        .isEqualTo("a\\nb\\r\\nc\\u2028d\\u2029e\\u0085f");
  }

  @Test
  void noTextMovesTheCursorOrTurnsTheDirection() {
    assertThat(Printable.of("\u001b[2J \u0007 \u202egnp.exe \u200b"))
        .isEqualTo("\\u001b[2J \\u0007 \\u202egnp.exe \\u200b");
  }
}
