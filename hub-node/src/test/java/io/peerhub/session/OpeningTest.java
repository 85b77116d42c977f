package io.peerhub.session;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpeningTest {
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;
  private TestProbe<SessionInput> older;

  @BeforeEach
  void set() {
    stage = new Stage(actors);
    older = actors.probe();
  }

  @Test
  void anAttachThatIsNotAnsweredIsSaidAgainAndRefusedInTheEnd() {
    ActorRef<SessionInput> session = stage.session(outlet);
    Peer.Attach first = stage.attach(session, Stage.hello(Optional.empty(), "client"));
    for (int i = 2; i <= 5; i++) {
      actors.pass(PAUSE_MAX);
      assertThat(stage.peers.expectMessageClass(Peer.Attach.class)).isEqualTo(first);
    }
    actors.pass(PAUSE_MAX);
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.NO_MAJORITY.code());
    stage.peers.expectTerminated(session);
    await().until(() -> outlet.closed && stage.ledger.live(Resource.SESSION) == 0);
  }

  @Test
  void aHandOverThatStallsIsNoResumeAndAGapOfUnknownCount() {
    ActorRef<SessionInput> session = resuming(0);
    session.tell(new HandOver.State("old", 5, 5, true, 3, 0, List.of()));
    settle();
    actors.pass(PAUSE_MAX);
    Frame.Welcome welcome = outlet.expect(Frame.Welcome.class);
    assertThat(welcome.resumed()).isFalse();
    assertThat(welcome.received()).isZero();
    assertThat(welcome.session()).isNotEqualTo("old");
    assertThat(outlet.expect(Frame.Gap.class).count()).isZero();
  }

  @Test
  void eachPieceOfAHandOverRenewsThePatience() {
    ActorRef<SessionInput> session = resuming(5);
    settle();
    actors.pass(PAUSE_MAX.minusMillis(1));
    session.tell(new HandOver.State("old", 5, 5, true, 3, 0, List.of()));
    settle();
    actors.pass(PAUSE_MAX.minusMillis(1));
    session.tell(new HandOver.End(0));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isTrue();
  }

  @Test
  void anOlderSessionThatEndsInTheMiddleIsNotWaitedFor() {
    ActorRef<SessionInput> session = resuming(4);
    session.tell(new HandOver.State("old", 5, 4, true, 3, 0, List.of()));
    session.tell(new HandOver.Written(5, 1, stage.mail(5)));
    settle();
    older.stop();
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    outlet.expect(Frame.Gap.class);
    Frame.Message survived = outlet.expect(Frame.Message.class);
    assertThat(survived.id()).isEqualTo("id-5");
    assertThat(survived.redelivered()).isTrue();
  }

  @Test
  void piecesThatComeTooLateFollowTheGap() {
    ActorRef<SessionInput> session = resuming(0);
    settle();
    actors.pass(PAUSE_MAX);
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    outlet.expect(Frame.Gap.class);
    session.tell(new HandOver.State("old", 0, 0, true, 3, 0, List.of()));
    session.tell(new HandOver.Waiting(stage.mail(1)));
    session.tell(new HandOver.End(1));
    session.tell(stage.mail(2));
    expectMessages(1, 2);
  }

  @Test
  void piecesThatOvertakeThePeersAnswerAreNotLost() {
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, resume(5));
    session.tell(new HandOver.State("old", 5, 5, true, 3, 0, List.of()));
    session.tell(new HandOver.Waiting(stage.mail(6)));
    session.tell(new HandOver.End(1));
    session.tell(attached(true));
    Frame.Welcome welcome = outlet.expect(Frame.Welcome.class);
    assertThat(welcome.resumed()).isTrue();
    assertThat(welcome.received()).isEqualTo(3);
    expectMessages(6);
  }

  @Test
  void whatComesDuringAHandOverFollowsItInOrder() {
    ActorRef<SessionInput> session = resuming(1);
    session.tell(stage.mail(4));
    session.tell(new HandOver.State("old", 2, 1, true, 0, 0, List.of()));
    session.tell(new HandOver.Written(2, 1, stage.mail(2)));
    session.tell(stage.mail(5));
    session.tell(new HandOver.Waiting(stage.mail(3)));
    session.tell(new Session.Received(List.of(new Frame.Ping(9, Map.of()))));
    session.tell(new HandOver.End(2));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isTrue();
    expectMessages(2, 3, 4, 5);
    assertThat(outlet.expect(Frame.Pong.class).t()).isEqualTo(9);
  }

  @Test
  void aResumeThatIsNotWholeStillAcknowledgesWhatWasReceived() {
    ActorRef<SessionInput> session = resuming(6);
    session.tell(new HandOver.State("old", 7, 5, true, 0, 2, List.of()));
    session.tell(new HandOver.Written(6, 1, stage.mail(6, Confirmation.DELIVERED)));
    session.tell(new HandOver.Written(7, 1, stage.mail(7, Confirmation.DELIVERED)));
    session.tell(new HandOver.End(2));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(2);
    assertThat(stage.sender.expectMessageClass(Mail.Confirmed.class).n()).isEqualTo(6);
    expectMessages(7);
    settle();
    outlet.expectNothing();
  }

  @Test
  void aSendOfTheOlderSessionGetsItsAnswerAgain() {
    ActorRef<SessionInput> session = resuming(0);
    HandOver.Answer answer = new HandOver.Answer(3, "c", Confirmation.ACCEPTED, 0, 0);
    session.tell(new HandOver.State("old", 0, 0, true, 3, 0, List.of(answer)));
    session.tell(new HandOver.End(0));
    assertThat(outlet.expect(Frame.Welcome.class).received()).isEqualTo(3);
    HandOver.Answer late = new HandOver.Answer(2, "b", Confirmation.DELIVERED, 0, 0);
    session.tell(HandOver.State.late("old", late));
    assertThat(outlet.expect(Frame.Confirm.class))
        .isEqualTo(new Frame.Confirm("b", 2, Confirmation.DELIVERED, false));
  }

  @Test
  void whoHasToYieldWhileItTakesHandsOnWhatItTook() {
    ActorRef<SessionInput> session = resuming(0);
    TestProbe<SessionInput> newest = actors.probe();
    session.tell(new Peer.Yield(new Seat(newest.ref(), 0), 9, true));
    session.tell(new HandOver.State("old", 0, 0, true, 3, 0, List.of()));
    session.tell(new HandOver.Waiting(stage.mail(1)));
    session.tell(new HandOver.End(1));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isTrue();
    HandOver.State state = newest.expectMessageClass(HandOver.State.class);
    assertThat(state.sessionId()).isEqualTo("old");
    assertThat(state.received()).isEqualTo(3);
    assertThat(newest.expectMessageClass(HandOver.Written.class).delivery().n()).isEqualTo(1);
    newest.expectMessageClass(HandOver.End.class);
  }

  @Test
  void aPeerThatTalksTooMuchTooEarlyIsNotRead() {
    ActorRef<SessionInput> session = resuming(0);
    for (int i = 0; i < 300; i++) {
      session.tell(new Session.Received(List.of(new Frame.Ping(i, Map.of()))));
    }
    await().until(() -> outlet.paused);
    older.stop();
    outlet.expect(Frame.Welcome.class);
    await().until(() -> !outlet.paused);
  }

  @Test
  void mailBeforeTheWelcomeIsBoundedAndItsLossIsToldInPlace() {
    stage = new Stage(actors, 1 << 20, "queue-max-count = 2");
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, Stage.hello(Optional.empty(), "client"));
    for (int n = 1; n <= 4; n++) {
      session.tell(stage.mail(n, Confirmation.ACCEPTED));
    }
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).n()).isEqualTo(3);
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).n()).isEqualTo(4);
    session.tell(new Peer.Attached(1, stage.peers.ref(), null, false));
    outlet.expect(Frame.Welcome.class);
    expectMessages(1, 2);
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(2);
    assertThat(stage.budget.used()).isZero();
  }

  @Test
  void whoIsShutOutBetweenItsProofAndItsPlaceOnTheRosterIsTurnedAway() {
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, Stage.hello(Optional.empty(), "client"));
    stage.shutOut.add(Stage.BOB);
    session.tell(new Peer.Attached(1, stage.peers.ref(), null, false));
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.DISABLED.code());
    stage.peers.expectMessageClass(Peer.Away.class);
    stage.peers.expectMessageClass(Peer.Leave.class);
    stage.peers.expectTerminated(session);
    await().until(() -> stage.ledger.live(Resource.SESSION) == 0);
  }

  @Test
  void whoIsShutOutWhileAnOlderSessionIsWaitedForIsTurnedAway() {
    ActorRef<SessionInput> session = resuming(0);
    session.tell(new Roster.Expelled());
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.DISABLED.code());
    older.stop();
    stage.peers.expectMessageClass(Peer.Away.class);
    stage.peers.expectMessageClass(Peer.Leave.class);
    stage.peers.expectTerminated(session);
  }

  @Test
  void whatIsNotAHelloIsTurnedAway() {
    ActorRef<SessionInput> session = stage.session(outlet);
    session.tell(new Session.Received(List.of(new Frame.Ping(1, Map.of()))));
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.WRONG_PHASE.code());
    stage.peers.expectTerminated(session);
  }

  /** A session that waits for the hand-over of the one that it resumes. */
  private ActorRef<SessionInput> resuming(long received) {
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, resume(received));
    session.tell(attached(true));
    return session;
  }

  private static Frame.Hello resume(long received) {
    return Stage.hello(Optional.of(new Frame.Resume("old", received)), "client");
  }

  private Peer.Attached attached(boolean resumes) {
    return new Peer.Attached(8, stage.peers.ref(), new Seat(older.ref(), 0), resumes);
  }

  private void expectMessages(int... numbers) {
    for (int n : numbers) {
      assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-" + n);
    }
  }

  /** What was told to sessions has been taken: they share one thread. */
  private void settle() {
    actors.settle(ActorKit.LOOP);
  }
}
