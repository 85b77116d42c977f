package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.peerhub.ActorKit;
import io.peerhub.delivery.Loss;
import io.peerhub.mail.Mail;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConversationTest {
  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private final Line line = new Line();
  private Stage stage;

  @BeforeEach
  void set() {
    stage = new Stage(actors);
  }

  @Test
  void writesAtOnceAndConfirmsDeliveryAtTheAck() {
    Conversation bob = connected(true);
    bob.deliver(stage.mail(1, Confirmation.DELIVERED));
    assertThat(outlet.expect(Frame.Message.class).seq()).isEqualTo(1);
    actors.expectNothing(stage.sender);
    bob.ack(1);
    expectConfirmed(1, Confirmation.DELIVERED);
    bob.ack(1);
    actors.expectNothing(stage.sender);
  }

  @Test
  void withoutAcksTheWriteIsTheDelivery() {
    Conversation bob = connected(false);
    bob.deliver(stage.mail(1, Confirmation.DELIVERED));
    expectConfirmed(1, Confirmation.DELIVERED);
  }

  @Test
  void confirmsAtTheAskedLevelOnly() {
    Conversation bob = connected(true);
    bob.deliver(stage.mail(1, Confirmation.ACCEPTED));
    expectConfirmed(1, Confirmation.ACCEPTED);
    bob.ack(1);
    actors.expectNothing(stage.sender);
  }

  @Test
  void aFullWindowLetsTheRestWaitInOrder() {
    Conversation bob = connected(true);
    for (int n = 1; n <= 6; n++) {
      bob.deliver(stage.mail(n));
    }
    expectMessages(1, 2, 3, 4);
    outlet.expectNothing();
    bob.ack(2);
    expectMessages(5, 6);
  }

  @Test
  void whatWasDroppedAtTheFrontIsToldInFrontOfWhatIsLeft() {
    stage = new Stage(actors, 1 << 20, "queue-max-count = 2");
    Conversation bob = away();
    for (int n = 1; n <= 5; n++) {
      bob.deliver(stage.mail(n));
    }
    connect(bob);
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(3);
    expectMessages(4, 5);
    assertThat(stage.meters.sum(Drop.QUEUE_FULL)).isEqualTo(3);
  }

  @Test
  void aLossBehindWhatWaitsIsToldBehindIt() {
    Conversation bob = away();
    bob.deliver(stage.mail(1));
    bob.lost(new Loss(2, "link"));
    bob.deliver(stage.mail(2));
    connect(bob);
    expectMessages(1);
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(2);
    expectMessages(2);
  }

  @Test
  void aMessageThatFindsNoRoomIsRefusedAndNotConfirmedToo() {
    stage = new Stage(actors, 100);
    Conversation bob = away();
    assertThat(bob.deliver(stage.mail(1, Confirmation.ACCEPTED))).isFalse();
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.DROPPED);
    actors.expectNothing(stage.sender);
    assertThat(stage.meters.sum(Drop.BUDGET)).isEqualTo(1);
    assertThat(stage.budget.used()).isZero();
  }

  @Test
  void expiryIsToldToTheSenderAndIsNoGap() {
    Conversation bob = away();
    bob.deliver(stage.mail(1, Confirmation.DELIVERED, 1_000));
    bob.deliver(stage.mail(2));
    actors.pass(Duration.ofSeconds(1));
    assertThat(bob.expire(actors.nanos())).isEqualTo(Duration.ofSeconds(30).toNanos());
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.EXPIRED);
    connect(bob);
    expectMessages(2);
    outlet.expectNothing();
  }

  @Test
  void theLongestBacklogOfTheLoopGivesUpItsOldest() {
    stage = new Stage(actors, stage.mail(1).weight() * 3L);
    Conversation hoarder = away();
    Conversation other = away();
    hoarder.deliver(stage.mail(1, Confirmation.ACCEPTED));
    hoarder.deliver(stage.mail(2));
    other.deliver(stage.mail(3));
    expectConfirmed(1, Confirmation.ACCEPTED);
    other.deliver(stage.mail(4));
    stage.sender.expectMessageClass(Mail.Refused.class);
    connect(hoarder);
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(1);
    expectMessages(2);
    assertThat(stage.meters.sum(Drop.BUDGET)).isEqualTo(1);
  }

  @Test
  void aClosedConversationAccountsForAllItHeld() {
    Conversation bob = connected(true);
    for (int n = 1; n <= 6; n++) {
      bob.deliver(stage.mail(n, Confirmation.DELIVERED));
    }
    bob.close();
    assertThat(stage.sender.receiveSeveralMessages(6))
        .extracting(each -> ((Mail.Refused) each).n(), each -> ((Mail.Refused) each).refusal())
        .containsExactlyInAnyOrder(
            tuple(1L, Refusal.OUTCOME_UNKNOWN),
            tuple(2L, Refusal.OUTCOME_UNKNOWN),
            tuple(3L, Refusal.OUTCOME_UNKNOWN),
            tuple(4L, Refusal.OUTCOME_UNKNOWN),
            tuple(5L, Refusal.OFFLINE),
            tuple(6L, Refusal.OFFLINE));
    assertThat(stage.meters.sum(Drop.SESSION_OVER)).isEqualTo(2);
    assertThat(stage.budget.used()).isZero();
    bob.close();
    actors.expectNothing(stage.sender);
  }

  @Test
  void handsOverWhatWasWrittenForAResumeAndWhatWaits() {
    Conversation bob = connected(true);
    for (int n = 1; n <= 5; n++) {
      bob.deliver(stage.mail(n, Confirmation.DELIVERED));
    }
    bob.ack(2);
    actors.pass(Duration.ofSeconds(10));
    outlet.writable = false;
    bob.deliver(stage.mail(6));
    List<HandOver> pieces = left(bob, true);
    assertThat(pieces)
        .extracting(piece -> piece.getClass().getSimpleName())
        .containsExactly("Written", "Written", "Written", "Waiting");
    assertThat(((HandOver.Written) pieces.get(0)).attempt()).isEqualTo(2);
    assertThat(((HandOver.Written) pieces.get(1)).attempt()).isEqualTo(1);
    bob.close();
    assertThat(stage.budget.used()).isZero();
    assertThat(stage.meters.sum(Drop.SESSION_OVER)).isZero();
  }

  private List<HandOver> left(Conversation conversation, boolean resumes) {
    List<HandOver> pieces = new ArrayList<>();
    Estate estate = new Estate("s", conversation, stage.sending(line), resumes);
    while (!estate.isEmpty()) {
      pieces.add(estate.poll());
    }
    return pieces;
  }

  @Test
  void toASessionThatBeginsAnewOnlyWhatWasNeverWrittenMovesAndTheSendersAreTold() {
    Conversation bob = connected(true);
    for (int n = 1; n <= 5; n++) {
      bob.deliver(stage.mail(n, Confirmation.DELIVERED));
    }
    List<HandOver> pieces = left(bob, false);
    assertThat(pieces)
        .extracting(piece -> piece.getClass().getSimpleName())
        .containsExactly("Waiting");
    assertThat(stage.sender.receiveSeveralMessages(4))
        .allSatisfy(each -> assertThat(each).isInstanceOf(Mail.Refused.class));
  }

  @Test
  void repeatsWhatWasNotAcknowledgedUnderItsOldNumbers() {
    Conversation bob = stage.conversation(line, true, 4);
    bob.window().restore(7, 5);
    bob.window().keep(6, 2, stage.mail(6));
    bob.window().keep(7, 1, stage.mail(7));
    line.connect(outlet);
    bob.replay();
    Frame.Message first = outlet.expect(Frame.Message.class);
    assertThat(first.seq()).isEqualTo(6);
    assertThat(first.attempt()).isEqualTo(2);
    assertThat(first.redelivered()).isTrue();
    assertThat(outlet.expect(Frame.Message.class).seq()).isEqualTo(7);
    assertThat(stage.meters.sum(Meter.REDELIVERED)).isEqualTo(2);
    assertThat(stage.meters.sum(Meter.DELIVERED)).isZero();
  }

  @Test
  void aPeerThatStopsAcknowledgingIsNotStuckBehindItsOldWindow() {
    Conversation bob = stage.conversation(line, false, 1);
    bob.window().restore(7, 6);
    bob.window().keep(7, 1, stage.mail(7, Confirmation.DELIVERED));
    line.connect(outlet);
    bob.replay();
    expectMessages(7);
    expectConfirmed(7, Confirmation.DELIVERED);
    bob.deliver(stage.mail(8));
    expectMessages(8);
  }

  @Test
  void aRejectedLiveMessageIsNotTriedAgain() {
    Conversation bob = connected(true);
    bob.deliver(stage.mail(1, Confirmation.DELIVERED));
    bob.reject(new Frame.Reject(1, "", false));
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.DROPPED);
    bob.ack(1);
    actors.expectNothing(stage.sender);
  }

  private Conversation away() {
    return stage.conversation(line, true, 4);
  }

  private Conversation connected(boolean acks) {
    Conversation conversation = stage.conversation(line, acks, 4);
    line.connect(outlet);
    return conversation;
  }

  private void connect(Conversation conversation) {
    line.connect(outlet);
    conversation.flow();
  }

  private void expectMessages(int... numbers) {
    for (int n : numbers) {
      assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-" + n);
    }
  }

  private void expectConfirmed(long n, Confirmation status) {
    assertThat(stage.sender.receiveMessage()).isEqualTo(new Mail.Confirmed("id-" + n, n, status));
  }
}
