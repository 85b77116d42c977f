package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveQueueTest {
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final LiveQueue<String> queue = new LiveQueue<>(3, 100);

  @Test
  void givesBackInOrderAndKnowsItsWeight() {
    queue.add("a", 10, NEVER);
    queue.add("b", 20, NEVER);
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.bytes()).isEqualTo(30);
    assertThat(queue.poll()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.poll()).isNull();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void theOldestGivesWayToTheNewestByCount() {
    for (String message : List.of("a", "b", "c", "d")) {
      queue.add(message, 1, NEVER);
    }
    assertThat(queue.overflow()).isEqualTo("a");
    assertThat(queue.overflow()).isNull();
    assertThat(queue.takeLost().count()).isEqualTo(1);
  }

  @Test
  void theOldestGiveWayByBytesUntilAllFit() {
    queue.add("a", 50, NEVER);
    queue.add("b", 50, NEVER);
    queue.add("c", 60, NEVER);
    assertThat(queue.overflow()).isEqualTo("a");
    assertThat(queue.overflow()).isEqualTo("b");
    assertThat(queue.overflow()).isNull();
    assertThat(queue.takeLost().count()).isEqualTo(2);
  }

  @Test
  void aMessageOverTheLimitByItselfFindsNoRoom() {
    queue.add("huge", 101, NEVER);
    assertThat(queue.overflow()).isEqualTo("huge");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void messagesEndByTheirOwnTimeWhereverTheyStand() {
    queue.add("long", 1, 100);
    queue.add("short", 1, 10);
    queue.add("middle", 1, 50);
    List<String> expired = new ArrayList<>();
    assertThat(queue.expire(9, expired::add)).isEqualTo(10);
    assertThat(expired).isEmpty();
    assertThat(queue.expire(10, expired::add)).isEqualTo(50);
    assertThat(expired).containsExactly("short");
    assertThat(queue.expire(100, expired::add)).isEqualTo(Long.MAX_VALUE);
    assertThat(expired).containsExactly("short", "long", "middle");
    assertThat(queue.lost()).as("an end by time is no loss").isZero();
  }

  @Test
  void whatIsLostBehindOthersIsToldBehindThem() {
    queue.add("a", 1, NEVER);
    queue.lostBehind(new Loss(3, "a reason"));
    queue.add("b", 1, NEVER);
    assertThat(queue.lost()).isEqualTo(3);
    assertThat(queue.takeLost().count()).isZero();
    assertThat(queue.poll()).isEqualTo("a");
    assertThat(queue.takeLost().count()).isEqualTo(3);
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.takeLost().count()).isZero();
  }

  @Test
  void aLossAtTheEndIsToldWhenAllIsTaken() {
    queue.add("a", 1, NEVER);
    queue.lostBehind(new Loss(2, "a reason"));
    queue.poll();
    assertThat(queue.takeLost().count()).isEqualTo(2);
    queue.lostBehind(new Loss(1, "a reason"));
    assertThat(queue.takeLost().count()).isEqualTo(1);
  }

  @Test
  void thePlaceOfALossOutlivesItsNeighbours() {
    queue.add("a", 1, NEVER);
    queue.lostBehind(new Loss(1, "a reason"));
    queue.add("brief", 1, 10);
    queue.lostBehind(new Loss(1, "a reason"));
    queue.expire(10, expired -> {});
    queue.add("b", 1, NEVER);
    assertThat(queue.takeLost().count()).isZero();
    queue.poll();
    assertThat(queue.takeLost().count()).isEqualTo(2);
    assertThat(queue.poll()).isEqualTo("b");
  }

  /** Against a list in which a loss is an element like any other. */
  @Test
  void keepsEveryMessageAndEveryLossInItsPlace() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      LiveQueue<Integer> tested = new LiveQueue<>(5, 60);
      ArrayDeque<Integer> model = new ArrayDeque<>();
      List<Integer> told = new ArrayList<>();
      List<Integer> expected = new ArrayList<>();
      for (int i = 1; i <= 300; i++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            tested.add(i, 1 + random.nextInt(20), NEVER);
            model.addLast(i);
            while (tested.overflow() != null) {
              loseFirst(model);
            }
          }
          case 2 -> {
            tested.lostBehind(new Loss(1, "a reason"));
            model.addLast(-1);
          }
          default -> {
            for (long lost = tested.takeLost().count(); lost > 0; lost--) {
              told.add(-1);
            }
            Integer next = tested.poll();
            if (next != null) {
              told.add(next);
            }
            takeFirst(model, expected);
          }
        }
        assertThat(tested.lost()).isEqualTo(model.stream().filter(each -> each < 0).count());
      }
      assertThat(told).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static void loseFirst(ArrayDeque<Integer> model) {
    List<Integer> front = new ArrayList<>();
    while (model.peekFirst() < 0) {
      front.add(model.pollFirst());
    }
    model.pollFirst();
    model.addFirst(-1);
    front.forEach(model::addFirst);
  }

  private static void takeFirst(ArrayDeque<Integer> model, List<Integer> to) {
    while (!model.isEmpty() && model.peekFirst() < 0) {
      to.add(model.pollFirst());
    }
    if (!model.isEmpty()) {
      to.add(model.pollFirst());
    }
  }

  @Test
  void aLossKeepsItsReasonAndSeveralInOnePlaceNameEachOnce() {
    queue.lostBehind(new Loss(2, "route full"));
    queue.add("a", 1, NEVER);
    queue.lostBehind(new Loss(1, "link"));
    queue.lostBehind(new Loss(1, "route full"));
    queue.lostBehind(new Loss(3, "link"));
    queue.add("b", 1, NEVER);
    assertThat(queue.takeLost()).isEqualTo(new Loss(2, "route full"));
    queue.lose();
    assertThat(queue.takeLost()).isEqualTo(new Loss(6, "link; route full; dropped by a limit"));
    assertThat(queue.takeLost()).isEqualTo(Loss.NONE);
  }

  @Test
  void tooManyReasonsAreNotListed() {
    for (int i = 0; i < 100; i++) {
      queue.lostBehind(new Loss(1, "reason " + i));
    }
    assertThat(queue.takeLost()).isEqualTo(new Loss(100, "several reasons"));
  }
}
