package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendingTest {
  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;
  private Line line;
  private Sending sending;

  @BeforeEach
  void set() {
    use(new Stage(actors));
  }

  private void use(Stage other) {
    stage = other;
    line = new Line();
    line.connect(outlet);
    sending = stage.sending(line);
  }

  @Test
  void routesWhatItTakesByTheReceiversIdentity() {
    send("alice", 1);
    assertThat(stage.peers.expectMessageClass(Peer.Resolve.class).identity().text())
        .isEqualTo("alice");
    assertThat(sending.received()).isEqualTo(1);
    assertThat(stage.meters.sum(Meter.ACCEPTED)).isEqualTo(1);
    outlet.expectNothing();
  }

  @Test
  void aRepeatHasNoEffectAndGetsTheAnswerOfTheFirst() {
    send("alice", 1);
    send("alice", 1);
    outlet.expectNothing();
    sending.answered(new HandOver.Answer(1, "id-1", Confirmation.ACCEPTED, 0, 0));
    assertThat(outlet.expect(Frame.Confirm.class).duplicate()).isFalse();
    send("alice", 1);
    assertThat(outlet.expect(Frame.Confirm.class))
        .isEqualTo(new Frame.Confirm("id-1", 1, Confirmation.ACCEPTED, true));
    assertThat(stage.meters.sum(Meter.ACCEPTED)).isEqualTo(1);
  }

  @Test
  void aRefusalCountsAsReceivedAndIsRepeatedWithoutBeingCountedAgain() {
    send("no such address", 1);
    Frame.Refuse first = outlet.expect(Frame.Refuse.class);
    assertThat(first.code()).isEqualTo(Refusal.BAD_NAME.code());
    assertThat(sending.received()).isEqualTo(1);
    send("no such address", 1);
    assertThat(outlet.expect(Frame.Refuse.class)).isEqualTo(first);
    assertThat(stage.meters.sum(Refusal.BAD_NAME)).isEqualTo(1);
  }

  @Test
  void thatNobodyKnowsIsSaidOnlyWhereNothingElseWas() {
    for (int n = 1; n <= 2; n++) {
      send("alice", n);
    }
    sending.answered(answer(new Mail.Confirmed("id-1", 1, Confirmation.ACCEPTED)));
    outlet.expect(Frame.Confirm.class);
    sending.answered(answer(new Mail.Refused("id-1", 1, Refusal.OUTCOME_UNKNOWN, 0)));
    outlet.expectNothing();
    sending.answered(answer(new Mail.Refused("id-2", 2, Refusal.OUTCOME_UNKNOWN, 0)));
    assertThat(outlet.expect(Frame.Refuse.class).code()).isEqualTo(3008);
    // It had arrived after all: better late than never.
    sending.answered(answer(new Mail.Confirmed("id-2", 2, Confirmation.ACCEPTED)));
    assertThat(outlet.expect(Frame.Confirm.class).n()).isEqualTo(2);
  }

  private static HandOver.Answer answer(Mail.Confirmed confirmed) {
    return HandOver.Answer.of(confirmed);
  }

  private static HandOver.Answer answer(Mail.Refused refused) {
    return HandOver.Answer.of(refused);
  }

  @Test
  void aHoleInTheNumbersIsRefusedAndNothingMoves() {
    send("alice", 2);
    assertThat(outlet.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OUT_OF_SEQUENCE.code());
    assertThat(sending.received()).isZero();
    send("alice", 1);
    outlet.expectNothing();
  }

  @ParameterizedTest
  @CsvSource({
    "service:x, WRONG_ADDRESS",
    "all:, WRONG_ADDRESS",
    "room:, BAD_NAME",
    "bob/*/x, BAD_NAME"
  })
  void anAddressThatIsNotServedIsRefused(String to, Refusal refusal) {
    send(to, 0);
    assertThat(outlet.expect(Frame.Refuse.class).code()).isEqualTo(refusal.code());
  }

  @Test
  void tooManySendsAreRefusedWithATimeToComeBack() {
    use(new Stage(actors, 1 << 20, "sends-per-second = 10", "sends-burst = 2"));
    send("alice", 1);
    send("alice", 2);
    send("alice", 3);
    Frame.Refuse refuse = outlet.expect(Frame.Refuse.class);
    assertThat(refuse.code()).isEqualTo(Refusal.TOO_FAST.code());
    assertThat(refuse.retryAfterMs()).isEqualTo(100);
    actors.pass(Duration.ofMillis(100));
    send("alice", 4);
    outlet.expectNothing();
  }

  @Test
  void questionsCountLikeSends() {
    use(new Stage(actors, 1 << 20, "sends-per-second = 10", "sends-burst = 1"));
    sending.ask(new Frame.Ask("alice", "", "q1"), null, actors.nanos());
    assertThat(stage.peers.expectMessageClass(Peer.Ask.class).id()).isEqualTo("q1");
    sending.ask(new Frame.Ask("alice", "", "q2"), null, actors.nanos());
    Frame.Refuse refuse = outlet.expect(Frame.Refuse.class);
    assertThat(refuse.code()).isEqualTo(Refusal.TOO_FAST.code());
    assertThat(refuse.id()).isEqualTo("q2");
    assertThat(refuse.retryAfterMs()).isPositive();
  }

  @Test
  void ofSeveralReceiversTheFirstConfirmationCounts() {
    send("alice/*", 1);
    HandOver.Answer answer = new HandOver.Answer(1, "id-1", Confirmation.DELIVERED, 0, 0);
    sending.answered(answer);
    sending.answered(answer);
    outlet.expect(Frame.Confirm.class);
    outlet.expectNothing();
  }

  @Test
  void anAnswerWithoutAConnectionIsKeptForTheRepeat() {
    send("alice", 1);
    line.hangUp();
    sending.answered(new HandOver.Answer(1, "id-1", Confirmation.ACCEPTED, 0, 0));
    Line next = new Line();
    FakeOutlet back = new FakeOutlet();
    next.connect(back);
    Sending resumed = stage.sending(next);
    Conversation conversation = stage.conversation(line, true, 4);
    resumed.restore(new Estate("s", conversation, sending, true).counters());
    assertThat(resumed.received()).isEqualTo(1);
    resumed.send(frame("alice", 1), actors.nanos());
    assertThat(back.expect(Frame.Confirm.class).duplicate()).isTrue();
  }

  private void send(String to, long n) {
    sending.send(frame(to, n), actors.nanos());
  }

  private static Frame.Send frame(String to, long n) {
    return new Frame.Send(
        to,
        Body.text("x"),
        "id-" + n,
        n,
        DeliveryClass.LIVE,
        Confirmation.ACCEPTED,
        0,
        "",
        Map.of());
  }
}
