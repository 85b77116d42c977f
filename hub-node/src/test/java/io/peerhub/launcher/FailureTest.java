package io.peerhub.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void aChainOfCausesIsOneLine() {
    Throwable cause = new BindException("Address already in use");
    Throwable failure = new IOException("cannot listen on 127.0.0.1:1", cause);

    assertThat(Failure.line(failure))
        .isEqualTo("cannot listen on 127.0.0.1:1: Address already in use");
  }

  @Test
  void aCauseThatItsEffectRepeatsIsSaidOnce() {
    Throwable cause = new BindException("Address already in use");

    assertThat(Failure.line(new RuntimeException(cause)))
        .isEqualTo("java.net.BindException: Address already in use");
  }

  @Test
  void severalLinesBecomeOne() {
    assertThat(Failure.line(new IOException("first\n  second\u001b[1m")))
        .isEqualTo("first second\\u001b[1m");
  }

  @Test
  void whatHasNoMessageIsNamed() {
    assertThat(Failure.line(new StackOverflowError())).isEqualTo("StackOverflowError");
  }

  @Test
  void severalReasonsAreALineEach() {
    assertThat(Failure.lines(Failure.failed(java.util.List.of("one", "two\u001b"), null)))
        .containsExactly("one", "two\\u001b");
  }
}
