package io.peerhub.delivery;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void givesAllOrNothing() {
    Budget budget = new Budget(10);
    assertThat(budget.take(7)).isTrue();
    assertThat(budget.take(4)).isFalse();
    assertThat(budget.used()).isEqualTo(7);
    assertThat(budget.take(3)).isTrue();
    budget.release(10);
    assertThat(budget.used()).isZero();
  }

  @Test
  void isNeverOverdrawnByManyThreads() throws InterruptedException {
    Budget budget = new Budget(100);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int turn = 0; turn < 10_000; turn++) {
                      if (budget.take(60)) {
                        budget.release(60);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(PATIENCE)).isTrue();
    }
    assertThat(budget.used()).isZero();
  }

  @Test
  void needsAtLeastOneByte() {
    assertThatThrownBy(() -> new Budget(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
