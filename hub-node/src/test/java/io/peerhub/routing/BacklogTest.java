package io.peerhub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final RouteNotice.Barrier FIRST = new RouteNotice.Barrier(1, null);
  private static final RouteNotice.Barrier SECOND = new RouteNotice.Barrier(2, null);

  private static ActorTestKit kit;
  private static ActorRef<SessionInput> bob;
  private static ActorRef<SessionInput> eve;

  private final Backlog backlog = new Backlog("test");

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
    bob = kit.<SessionInput>createTestProbe().ref();
    eve = kit.<SessionInput>createTestProbe().ref();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aBarrierLeavesBehindAllThatWasThereWhoeverItIsFor() {
    add(bob, 1, 2, 3);
    add(eve, 4);
    backlog.addBehindAll(new LinkItem(null, FIRST));
    add(eve, 5);
    backlog.addBehindAll(new LinkItem(null, SECOND));
    List<SessionInput> left = drain();
    assertThat(left).hasSize(7).endsWith(SECOND);
    List<Long> before = numbers(left.subList(0, left.indexOf(FIRST)));
    assertThat(before).contains(1L, 2L, 3L, 4L);
    assertThat(backlog.isEmpty()).isTrue();
    assertThat(backlog.bytes()).isZero();
  }

  @Test
  void aBarrierAloneLeavesAtOnce() {
    backlog.addBehindAll(new LinkItem(null, FIRST));
    assertThat(drain()).containsExactly(FIRST);
  }

  @Test
  void whatIsShedTakesNoBarrierWithIt() {
    add(bob, 1, 2, 3);
    backlog.addBehindAll(new LinkItem(null, FIRST));
    backlog.shed(0, dropped -> {});
    assertThat(drain()).containsExactly(new Mail.Lost(3, "test"), FIRST);
  }

  private void add(ActorRef<SessionInput> target, int... numbers) {
    for (int n : numbers) {
      backlog.add(new LinkItem(target, Loops.mail("bob", n, null)));
    }
  }

  private List<SessionInput> drain() {
    List<SessionInput> left = new ArrayList<>();
    for (LinkItem item = backlog.poll(); item != null; item = backlog.poll()) {
      left.add(item.input());
    }
    return left;
  }

  private static List<Long> numbers(List<SessionInput> inputs) {
    return inputs.stream()
        .filter(Mail.Delivery.class::isInstance)
        .map(input -> ((Mail.Delivery) input).n())
        .toList();
  }
}
