package io.peerhub.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EpochsTest {
  private final Epochs epochs = new Epochs();

  @Test
  void needATermBeforeTheFirst() {
    assertThat(epochs.needsTerm()).isTrue();
    assertThatThrownBy(epochs::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void riseWithEveryAttachAndWithEveryTerm() {
    epochs.begin(7);
    long first = epochs.next();
    assertThat(first).isEqualTo((7L << 20) + 1);
    assertThat(epochs.next()).isEqualTo(first + 1);
    epochs.begin(8);
    assertThat(epochs.next()).isEqualTo((8L << 20) + 1);
  }

  @Test
  void neverReachTheNextTermByCounting() {
    epochs.begin(1);
    long last = 0;
    while (!epochs.needsTerm()) {
      last = epochs.next();
    }
    assertThat(last).isLessThan(2L << 20);
  }

  @Test
  void neverGoBackAndStayBelowWhatJsonCanHold() {
    epochs.begin(5);
    assertThatThrownBy(() -> epochs.begin(5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> epochs.begin(1L << 33)).isInstanceOf(IllegalArgumentException.class);
    epochs.begin((1L << 33) - 1);
    assertThat(epochs.next()).isLessThan(1L << 53);
  }
}
