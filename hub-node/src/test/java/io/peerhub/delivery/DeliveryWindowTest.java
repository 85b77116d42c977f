package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.DeliveryWindow.Verdict;
import io.peerhub.delivery.DeliveryWindow.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {
  private final DeliveryWindow<String> window = new DeliveryWindow<>(true, 3, 100, String::length);
  private final List<String> taken = new ArrayList<>();

  @Test
  void numbersFromOneAndStopsWhenFull() {
    assertThat(window.next("a")).isEqualTo(1);
    assertThat(window.next("b")).isEqualTo(2);
    assertThat(window.hasRoom()).isTrue();
    assertThat(window.next("c")).isEqualTo(3);
    assertThat(window.hasRoom()).isFalse();
  }

  @Test
  void anAckTakesEverythingUpToIt() {
    write("a", "b", "c");
    assertThat(window.ack(2, taken::add)).isEqualTo(Verdict.TAKEN);
    assertThat(taken).containsExactly("a", "b");
    assertThat(window.unackedCount()).isEqualTo(1);
    assertThat(window.ackedSeq()).isEqualTo(2);
  }

  @Test
  void anAckTakesNothingTwice() {
    write("a", "b");
    window.ack(2, taken::add);
    assertThat(window.ack(2, taken::add)).isEqualTo(Verdict.STALE);
    assertThat(window.ack(1, taken::add)).isEqualTo(Verdict.STALE);
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void anAckOfWhatWasNeverWrittenTakesNothing() {
    write("a");
    assertThat(window.ack(2, taken::add)).isEqualTo(Verdict.UNKNOWN);
    assertThat(taken).isEmpty();
    assertThat(window.unackedCount()).isEqualTo(1);
  }

  @Test
  void aRejectTakesOutThatOneAlone() {
    write("a", "b", "c");
    assertThat(window.reject(2)).isEqualTo("b");
    assertThat(window.reject(2)).isNull();
    assertThat(window.reject(9)).isNull();
    assertThat(window.hasRoom()).isTrue();
    window.ack(3, taken::add);
    assertThat(taken).containsExactly("a", "c");
  }

  @Test
  void withoutAcksWrittenIsProcessed() {
    DeliveryWindow<String> auto = new DeliveryWindow<>(false, 1, 100, String::length);
    auto.next("a");
    auto.next("b");
    assertThat(auto.hasRoom()).isTrue();
    assertThat(auto.ackedSeq()).isEqualTo(2);
    assertThat(auto.unacked()).isEmpty();
  }

  @Test
  void goesOnWhereAnotherStopped() {
    window.restore(7, 5);
    window.keep(6, 2, "six");
    window.keep(7, 1, "seven");
    assertThat(window.unacked())
        .containsExactly(new Written<>(6, 2, "six"), new Written<>(7, 1, "seven"));
    assertThat(window.next("eight")).isEqualTo(8);
    assertThat(window.ack(6, taken::add)).isEqualTo(Verdict.TAKEN);
    assertThat(taken).containsExactly("six");
  }

  @Test
  void drainedItKeepsNothing() {
    write("a", "b");
    List<Long> drained = new ArrayList<>();
    window.drain(written -> drained.add(written.seq()));
    assertThat(drained).containsExactly(1L, 2L);
    assertThat(window.unackedCount()).isZero();
  }

  @Test
  void behavesLikeATableOfNumbers() {
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      DeliveryWindow<Integer> tested = new DeliveryWindow<>(true, 8, 100, any -> 1);
      TreeMap<Long, Integer> model = new TreeMap<>();
      for (int i = 0; i < 500; i++) {
        long seq = random.nextLong(tested.lastSeq() + 3);
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            if (tested.hasRoom()) {
              model.put(tested.next(i), i);
            }
          }
          case 2 -> {
            List<Integer> acked = new ArrayList<>();
            tested.ack(seq, acked::add);
            if (seq <= tested.lastSeq()) {
              assertThat(acked).containsExactlyElementsOf(model.headMap(seq, true).values());
              model.headMap(seq, true).clear();
            } else {
              assertThat(acked).isEmpty();
            }
          }
          default -> assertThat(tested.reject(seq)).isEqualTo(model.remove(seq));
        }
        assertThat(tested.unackedCount()).as("seed %d", seed).isEqualTo(model.size());
        assertThat(tested.hasRoom()).isEqualTo(model.size() < 8);
      }
    }
  }

  private void write(String... messages) {
    for (String message : messages) {
      window.next(message);
    }
  }

  @Test
  void hasNoRoomForMoreOnceTheUnacknowledgedWeighTooMuch() {
    window.next("x".repeat(99));
    assertThat(window.hasRoom()).isTrue();
    window.next("y");
    assertThat(window.hasRoom()).isFalse();
    window.reject(2);
    assertThat(window.hasRoom()).isTrue();
    window.next("z".repeat(1000));
    assertThat(window.hasRoom()).isFalse();
    window.ack(3, taken -> {});
    window.next("w".repeat(100));
    assertThat(window.hasRoom()).isFalse();
    window.drain(written -> {});
    assertThat(window.hasRoom()).isTrue();
  }
}
