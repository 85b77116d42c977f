package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.LinkWindowMark.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkWindowTest {
  private final LinkWindow<String> window = new LinkWindow<>(100);
  private final List<String> arrived = new ArrayList<>();

  @Test
  void numbersFromOneAndKeepsUntilAcknowledged() {
    assertThat(window.add("a", 10)).isEqualTo(1);
    assertThat(window.add("b", 10)).isEqualTo(2);
    assertThat(window.acknowledge(1, arrived::add)).isTrue();
    assertThat(arrived).containsExactly("a");
    assertThat(window.inFlight()).isEqualTo(10);
    assertThat(window.isEmpty()).isFalse();
  }

  @Test
  void hasNoCreditWhileTooMuchIsOnItsWay() {
    window.add("a", 60);
    assertThat(window.hasCredit()).isTrue();
    window.add("b", 60);
    assertThat(window.hasCredit()).isFalse();
    window.acknowledge(1, arrived::add);
    assertThat(window.hasCredit()).isTrue();
  }

  @Test
  void ignoresAcknowledgementsThatAreOldOrOfNothing() {
    window.add("a", 1);
    assertThat(window.acknowledge(2, arrived::add)).isFalse();
    assertThat(window.acknowledge(1, arrived::add)).isTrue();
    assertThat(window.acknowledge(1, arrived::add)).isFalse();
    assertThat(window.acknowledge(-1, arrived::add)).isFalse();
    assertThat(arrived).containsExactly("a");
  }

  @Test
  void sendsAgainFromTheHoleOn() {
    List<String> again = new ArrayList<>();
    for (String batch : List.of("a", "b", "c", "d")) {
      window.add(batch, 1);
    }
    assertThat(window.resend(3, 10, (number, batch) -> again.add(number + batch))).isEqualTo(2);
    assertThat(window.resend(1, 1, (number, batch) -> again.add(number + batch))).isEqualTo(1);
    assertThat(again).containsExactly("3c", "4d", "1a");
  }

  @Test
  void givesBackWhatWasNotAcknowledged() {
    window.add("a", 1);
    window.add("b", 1);
    window.acknowledge(1, batch -> {});
    window.abandon(arrived::add);
    assertThat(arrived).containsExactly("b");
    assertThat(window.inFlight()).isZero();
  }

  @Test
  void reportsAHoleOnceUntilItMoves() {
    LinkWindowMark mark = new LinkWindowMark();
    assertThat(mark.judge(1)).isEqualTo(Verdict.TAKE);
    assertThat(mark.judge(3)).isEqualTo(Verdict.HOLE);
    assertThat(mark.judge(4)).isEqualTo(Verdict.KNOWN_HOLE);
    assertThat(mark.judge(2)).isEqualTo(Verdict.TAKE);
    assertThat(mark.judge(2)).isEqualTo(Verdict.REPEATED);
    assertThat(mark.judge(4)).isEqualTo(Verdict.HOLE);
    assertThat(mark.taken()).isEqualTo(2);
  }

  /** Batches and acknowledgements are lost, doubled and delayed at random; none is missing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void takesEachBatchOnceAndInOrderOverABadWay(long seed) {
    Random random = new Random(seed);
    LinkWindow<Integer> sending = new LinkWindow<>(50);
    LinkWindowMark mark = new LinkWindowMark();
    List<Integer> taken = new ArrayList<>();
    List<long[]> way = new ArrayList<>();
    int sent = 0;
    for (int step = 0; taken.size() < 500; step++) {
      assertThat(step).as("steps").isLessThan(1_000_000);
      if (sent < 500 && sending.hasCredit()) {
        way.add(new long[] {sending.add(sent, 1 + random.nextInt(10)), sent});
        sent++;
      }
      if (!way.isEmpty()) {
        long[] batch = way.get(random.nextInt(Math.min(3, way.size())));
        if (random.nextInt(4) != 0) {
          way.remove(batch);
        }
        if (random.nextInt(5) != 0) {
          Verdict verdict = mark.judge(batch[0]);
          if (verdict == Verdict.TAKE) {
            taken.add((int) batch[1]);
          } else if (verdict == Verdict.HOLE && random.nextInt(3) != 0) {
            sending.resend(mark.taken() + 1, 10, (n, b) -> way.add(new long[] {n, b}));
          }
        }
      } else {
        sending.resend(0, 1, (n, b) -> way.add(new long[] {n, b}));
      }
      if (random.nextInt(3) == 0) {
        sending.acknowledge(mark.taken(), batch -> {});
      }
    }
    assertThat(taken).isSorted().doesNotHaveDuplicates().hasSize(500);
  }
}
