package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
  private static final int MAX_FRAME = 1 << 20;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final List<Outbox.Settlement> settled = new ArrayList<>();
  private final Outbox outbox = outbox(ClientSettings.Limits.DEFAULT);

  private Outbox outbox(ClientSettings.Limits limits) {
    return new Outbox(limits, settled::add);
  }

  private static Outgoing live(String text) {
    return Outgoing.live("bob", Body.text(text));
  }

  private static Outgoing unconfirmed(String text) {
    return live(text).withConfirm(Confirmation.NONE);
  }

  private static Outgoing critical(String id) {
    return Outgoing.critical("bob", Body.text(id)).withId(id);
  }

  private List<String> write(Outbox from, long now) {
    List<String> written = new ArrayList<>();
    for (Frame.Send send = from.next(now, MAX_FRAME);
        send != null;
        send = from.next(now, MAX_FRAME)) {
      written.add(send.n() + send.body().asText());
    }
    return written;
  }

  private static Frame.Confirm accepted(long n) {
    return new Frame.Confirm("", n, Confirmation.ACCEPTED, false);
  }

  private List<String> settledTexts() {
    return settled.stream().map(s -> s.entry().message.body().asText()).toList();
  }

  @Test
  void writesInTheOrderOfTheSendsAcrossDeliveryClasses() {
    outbox.add(live("a"), 0);
    outbox.add(critical("b"), 0);
    outbox.add(unconfirmed("c"), 0);
    assertThat(write(outbox, 0)).containsExactly("1a", "2b", "3c");
  }

  @Test
  void anAnswerSettlesItsSendAndTellsThatAllBeforeItWereTaken() {
    for (String text : List.of("a", "b", "c")) {
      outbox.add(unconfirmed(text), 0);
    }
    outbox.add(live("d"), 0);
    write(outbox, 0);
    outbox.answered(accepted(4));
    assertThat(settledTexts()).containsExactly("a", "b", "c", "d");
    assertThat(outbox.isIdle()).isTrue();
  }

  @Test
  void acceptedIsNotTheAnswerToALiveSendThatAskedForDelivered() {
    outbox.add(live("a").withConfirm(Confirmation.DELIVERED), 0);
    write(outbox, 0);
    outbox.answered(accepted(1));
    assertThat(settled).isEmpty();
    outbox.answered(new Frame.Confirm("", 1, Confirmation.DELIVERED, true));
    assertThat(settled.getFirst().outcome()).isEqualTo(new Outcome.Delivered(true));
  }

  @Test
  void acceptedIsTheAnswerToACriticalSendWhoseFateComesAsAReceipt() {
    outbox.add(critical("a").withConfirm(Confirmation.DELIVERED), 0);
    write(outbox, 0);
    outbox.answered(accepted(1));
    assertThat(settled.getFirst().outcome()).isEqualTo(new Outcome.Accepted(false));
  }

  @Test
  void aRefusalSettlesExactlyItsSend() {
    outbox.add(unconfirmed("a"), 0);
    outbox.add(unconfirmed("b"), 0);
    write(outbox, 0);
    RefusedException refusal = new RefusedException(Refusal.UNKNOWN_PEER, "who?");
    assertThat(outbox.refused(2, refusal)).isTrue();
    assertThat(settled.get(0).outcome()).isEqualTo(new Outcome.Sent());
    assertThat(settled.get(1).failure()).isSameAs(refusal);
    assertThat(outbox.refused(2, refusal)).as("it is settled already").isFalse();
    assertThat(outbox.refused(0, refusal)).as("it names no send").isFalse();
  }

  @Test
  void afterAResumeNumbersGoOnBehindWhatTheHubHasTaken() {
    for (String text : List.of("a", "b", "c")) {
      outbox.add(unconfirmed(text), 0);
    }
    write(outbox, 0);
    outbox.add(unconfirmed("d"), 0);
    outbox.resumed(1);
    assertThat(write(outbox, 0)).containsExactly("2b", "3c", "4d");
    assertThat(settledTexts()).containsExactly("a");
  }

  @Test
  void asksAgainForAnAnswerUnderTheSameNumberAndOnlyWhileTheHubRemembersIt() {
    outbox.add(live("old"), 0);
    outbox.add(critical("old-critical"), 0);
    outbox.add(live("young"), 0);
    write(outbox, 0);
    outbox.resumed(2 + Outbox.ANSWERS_REMEMBERED);
    assertThat(write(outbox, 0))
        .containsExactly("3young", (3 + Outbox.ANSWERS_REMEMBERED) + "old-critical");
    assertThat(settled).isEmpty();
  }

  @Test
  void aNewSessionGetsWhatIsCriticalAgainAndLeavesLiveMessagesUnconfirmed() {
    outbox.add(critical("a"), 0);
    outbox.add(live("b"), 0);
    outbox.add(unconfirmed("c"), 0);
    outbox.add(critical("d"), 0);
    write(outbox, 0);
    outbox.add(live("e"), 0);
    outbox.restarted();
    assertThat(settledTexts()).containsExactlyInAnyOrder("b", "c");
    assertThat(settled).allMatch(s -> s.failure() instanceof UnconfirmedException);
    assertThat(write(outbox, 0)).containsExactly("1a", "2d", "3e");
  }

  @Test
  void whileAwayTheOldestLiveMessagesMakeRoomAndCriticalOnesAreRefused() {
    Outbox small = outbox(new ClientSettings.Limits(2, Duration.ofSeconds(30), 1, 10, 1 << 20, 1));
    small.addWhileAway(live("a"), 0);
    small.addWhileAway(critical("b"), 0);
    small.addWhileAway(live("c"), 0);
    small.addWhileAway(live("d"), 0);
    small.addWhileAway(critical("e"), 0);
    assertThat(settledTexts()).containsExactly("a", "e");
    assertThat(settled).allMatch(Outbox.Settlement::dropped);
    assertThat(write(small, 0)).containsExactly("1b", "2c", "3d");
  }

  @Test
  void bytesAreBoundedToo() {
    Outbox small =
        outbox(new ClientSettings.Limits(100, Duration.ofSeconds(30), 100, 10, 1_000, 1));
    small.addWhileAway(live("x".repeat(400)), 0);
    small.addWhileAway(live("y".repeat(400)), 0);
    assertThat(settled).hasSize(1);
    small.addWhileAway(critical("z".repeat(100)), 0);
    assertThat(settledTexts()).containsExactly("x".repeat(400), "z".repeat(100));
    assertThat(settled.get(0).failure()).hasMessageContaining("4006");
    assertThat(settled.get(1).failure()).hasMessageContaining("4002");
  }

  @Test
  void waitsWhileTooMuchIsUnanswered() {
    Outbox small = outbox(new ClientSettings.Limits(10, Duration.ofSeconds(30), 10, 2, 1 << 20, 1));
    IntStream.range(0, 3).forEach(i -> small.add(live("m"), 0));
    assertThat(write(small, 0)).containsExactly("1m", "2m");
    small.answered(accepted(1));
    small.answered(accepted(2));
    assertThat(write(small, 0)).containsExactly("3m");
  }

  @Test
  void aLiveMessageWaitsUpToItsTimeToLiveAndTheRestOfItGoesOut() {
    outbox.add(live("short").withTtl(Duration.ofSeconds(2)), 0);
    outbox.add(live("default"), 0);
    outbox.add(live("long").withTtl(Duration.ofSeconds(20)), 0);
    outbox.sweep(3 * SECOND);
    assertThat(settledTexts()).containsExactly("short");
    assertThat(outbox.next(3 * SECOND, MAX_FRAME).ttlMs()).isZero();
    assertThat(outbox.next(3 * SECOND, MAX_FRAME).ttlMs()).isEqualTo(17_000);
  }

  @Test
  void aCriticalMessageThatTheHubMayHaveDoesNotExpireHere() {
    outbox.add(critical("a").withTtl(Duration.ofSeconds(1)), 0);
    write(outbox, 0);
    outbox.restarted();
    assertThat(outbox.next(5 * SECOND, MAX_FRAME).ttlMs()).isEqualTo(1);
    outbox.add(critical("b").withTtl(Duration.ofSeconds(1)), 0);
    assertThat(outbox.next(5 * SECOND, MAX_FRAME)).isNull();
    assertThat(settledTexts()).containsExactly("b");
  }

  @Test
  void doesNotWaitForEverForAnAnswer() {
    outbox.add(live("a"), 0);
    outbox.add(critical("b"), 0);
    write(outbox, 0);
    outbox.taken(2);
    outbox.sweep(59 * SECOND);
    assertThat(settled).isEmpty();
    outbox.sweep(60 * SECOND);
    assertThat(settledTexts()).containsExactly("a");
    assertThat(settled.getFirst().failure()).isInstanceOf(UnconfirmedException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void overManyCutsTheHubTakesEverythingOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    List<String> taken = new ArrayList<>();
    int sends = 0;
    while (sends < 500 || !outbox.isIdle()) {
      for (int i = random.nextInt(20); i > 0 && sends < 500; i--) {
        outbox.add(random.nextBoolean() ? live("m" + sends) : unconfirmed("m" + sends), 0);
        sends++;
      }
      // The hub takes a part of what is written; the rest is lost with the connection.
      int reach = random.nextInt(30);
      for (int i = 0; i < reach; i++) {
        Frame.Send send = outbox.next(0, MAX_FRAME);
        if (send == null) {
          break;
        }
        if (send.n() > taken.size()) {
          assertThat(send.n()).isEqualTo(taken.size() + 1);
          taken.add(send.body().asText());
        }
        if (send.confirm() == Confirmation.ACCEPTED && random.nextBoolean()) {
          outbox.answered(accepted(send.n()));
        }
      }
      for (int lost = random.nextInt(5); lost > 0; lost--) {
        outbox.next(0, MAX_FRAME);
      }
      outbox.resumed(taken.size());
    }
    assertThat(taken).isEqualTo(IntStream.range(0, 500).mapToObj(i -> "m" + i).toList());
    assertThat(settled).hasSize(500).allMatch(s -> s.failure() == null);
  }
}
