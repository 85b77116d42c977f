package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.hub.TestPeer;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;

  @BeforeEach
  void set() {
    stage = new Stage(actors);
  }

  @Test
  void pingsAfterAHeartbeatOfSilenceAndClosesAfterTwo() {
    ActorRef<SessionInput> session = stage.live(outlet);
    settle();
    actors.pass(HEARTBEAT);
    outlet.expect(Frame.Ping.class);
    settle();
    actors.pass(HEARTBEAT);
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.SILENT.code());
    stage.peers.expectMessageClass(Peer.Away.class);
    settle();
    assertThat(outlet.closed).isTrue();
  }

  @Test
  void aPongKeepsTheConnection() {
    ActorRef<SessionInput> session = stage.live(outlet);
    settle();
    for (int i = 0; i < 5; i++) {
      actors.pass(HEARTBEAT);
      outlet.expect(Frame.Ping.class);
      session.tell(new Session.Received(List.of(new Frame.Pong(1, Map.of()))));
      settle();
    }
    assertThat(outlet.closed).isFalse();
  }

  @Test
  void whoLeavesEverythingUnacknowledgedIsCutAndAnyProgressBeginsAnew() {
    stage = new Stage(actors, 1 << 20, "ack-timeout = 10s");
    ActorRef<SessionInput> session = stage.live(outlet);
    session.tell(stage.mail(1));
    session.tell(stage.mail(2));
    outlet.expect(Frame.Message.class);
    outlet.expect(Frame.Message.class);
    beat(session, 9);
    session.tell(new Session.Received(List.of(new Frame.Ack(1))));
    beat(session, 9);
    assertThat(outlet.closed).isFalse();
    beat(session, 3);
    assertThat(outlet.closed).isTrue();
    Frame.FromHub said = outlet.expect(Frame.FromHub.class);
    while (said instanceof Frame.Ping) {
      said = outlet.expect(Frame.FromHub.class);
    }
    assertThat(said).isEqualTo(Scene.error(Refusal.NOT_ACKNOWLEDGING));
  }

  /** So many seconds of a peer that answers every ping and acknowledges nothing. */
  private void beat(ActorRef<SessionInput> session, int seconds) {
    for (int i = 0; i < seconds; i++) {
      actors.pass(HEARTBEAT);
      session.tell(new Session.Received(List.of(new Frame.Pong(1, Map.of()))));
      settle();
    }
  }

  @Test
  void aShortLifeBehindALongOneEndsInItsOwnTime() {
    ActorRef<SessionInput> session = cut();
    session.tell(stage.mail(1, Confirmation.DELIVERED, 30_000));
    session.tell(stage.mail(2, Confirmation.DELIVERED, 100));
    settle();
    actors.pass(Duration.ofMillis(100));
    Mail.Refused refused = stage.sender.expectMessageClass(Mail.Refused.class);
    assertThat(refused.n()).isEqualTo(2);
    assertThat(refused.refusal()).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void whenTheResumeWindowEndsItLeavesAndAccountsForWhatWaited() {
    ActorRef<SessionInput> session = cut();
    actors.pass(Duration.ofSeconds(50));
    session.tell(stage.mail(1, Confirmation.ACCEPTED));
    stage.sender.expectMessageClass(Mail.Confirmed.class);
    actors.pass(Duration.ofSeconds(10));
    stage.peers.expectMessageClass(Peer.Leave.class);
    stage.roster.fishForMessage(
        PATIENCE,
        said ->
            said instanceof Roster.Exit
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.OFFLINE);
    stage.sender.expectTerminated(session);
    assertNothingLeft();
    assertThat(stage.meters.sum(Drop.SESSION_OVER)).isEqualTo(1);
  }

  @Test
  void whoIsShutOutIsToldAndItsSessionEndsAtOnce() {
    ActorRef<SessionInput> session = stage.live(outlet);
    session.tell(new Roster.Expelled());
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.DISABLED.code());
    stage.peers.expectMessageClass(Peer.Leave.class);
    stage.sender.expectTerminated(session);
    assertNothingLeft();
    assertThat(outlet.closed).isTrue();
  }

  @Test
  void whoIsShutOutWhileItIsAwayCannotResume() {
    ActorRef<SessionInput> session = cut();
    session.tell(stage.mail(1, Confirmation.ACCEPTED));
    stage.sender.expectMessageClass(Mail.Confirmed.class);
    session.tell(new Roster.Expelled());
    stage.peers.expectMessageClass(Peer.Leave.class);
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.OFFLINE);
    stage.sender.expectTerminated(session);
    assertNothingLeft();
  }

  @Test
  void aBugEndsTheSessionAndNothingOfItStays() {
    ActorRef<SessionInput> session = stage.live(outlet);
    outlet.writable = false;
    session.tell(stage.mail(1, Confirmation.DELIVERED));
    settle();
    outlet.broken = true;
    session.tell(new Session.Received(List.of(new Frame.Ping(1, Map.of()))));
    stage.sender.fishForMessage(
        PATIENCE,
        said ->
            said instanceof Mail.Refused
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    stage.sender.expectTerminated(session);
    await().until(() -> outlet.closed);
    assertNothingLeft();
    assertThat(stage.meters.sum(Meter.CRASHES)).isEqualTo(1);
    assertThat(stage.meters.sum(Drop.SESSION_OVER)).isEqualTo(1);
  }

  @Test
  void whenItsPeersActorEndsItReportsUntilItIsHeard() {
    TestProbe<Peer.Command> first = actors.probe();
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, Stage.hello(Optional.empty(), "client"));
    session.tell(new Peer.Attached(7, first.ref(), null, false));
    outlet.expect(Frame.Welcome.class);
    first.stop();
    assertThat(stage.peers.expectMessageClass(Peer.Reattach.class).epoch()).isEqualTo(7);
    settle();
    actors.pass(Duration.ofSeconds(1));
    stage.peers.expectMessageClass(Peer.Reattach.class);
    session.tell(new Peer.Reattached(stage.peers.ref()));
    settle();
    actors.pass(Duration.ofMillis(999));
    actors.expectNothing(stage.peers);
  }

  @Test
  void aSessionThatMovesForwardsInOrderAndTellsAnswersWithTheNumberingTheyBelongTo() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 2, false));
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.TAKEN_OVER.code());
    HandOver.State state = successor.expectMessageClass(HandOver.State.class);
    successor.expectMessageClass(HandOver.End.class);
    session.tell(stage.mail(1));
    session.tell(new Mail.Confirmed("c", 5, Confirmation.ACCEPTED));
    session.tell(stage.mail(2));
    assertThat(successor.expectMessageClass(Mail.Forwarded.class).delivery().n()).isEqualTo(1);
    HandOver.State late = successor.expectMessageClass(HandOver.State.class);
    assertThat(late.sessionId()).isEqualTo(state.sessionId());
    assertThat(late.answers()).extracting(HandOver.Answer::n).containsExactly(5L);
    assertThat(successor.expectMessageClass(Mail.Forwarded.class).delivery().n()).isEqualTo(2);
    actors.pass(Duration.ofSeconds(10));
    actors.expectNothing(successor);
    actors.pass(Duration.ofSeconds(10));
    successor.expectTerminated(session);
    assertNothingLeft();
  }

  @Test
  void aSessionThatMovesToAnotherLoopIsNotHeldUpForLongByWhatItHasSent() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    session.tell(
        new Session.Received(List.of(TestPeer.send("silent", "x", "", 1, Confirmation.NONE))));
    stage.peers.expectMessageClass(Peer.Resolve.class);
    session.tell(new Peer.Yield(new Seat(successor.ref(), 1), 2, false));
    settle();
    actors.pass(Duration.ofMillis(999));
    assertThat(stage.meters.sum(Meter.SETTLED_LATE)).isZero();
    actors.pass(Duration.ofMillis(1));
    await().until(() -> stage.meters.sum(Meter.SETTLED_LATE) == 1);
  }

  @Test
  void mailBehindTheWordToYieldIsForwardedAndAnswersWaitForTheEnd() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    actors
        .kit()
        .spawn(
            Behaviors.setup(
                context -> {
                  session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 2, false));
                  session.tell(new Mail.Confirmed("c", 5, Confirmation.ACCEPTED));
                  session.tell(stage.mail(1));
                  return Behaviors.stopped();
                }),
            DispatcherSelector.fromConfig("peerhub.loop.0"));
    successor.expectMessageClass(HandOver.State.class);
    assertThat(successor.expectMessageClass(Mail.Forwarded.class).delivery().n()).isEqualTo(1);
    assertThat(successor.expectMessageClass(HandOver.End.class).messages()).isZero();
    assertThat(successor.expectMessageClass(HandOver.State.class).answers()).hasSize(1);
  }

  @Test
  void anAnswerOfAnotherNumberingIsNotTakenForItsOwn() {
    ActorRef<SessionInput> session = stage.live(outlet);
    HandOver.Answer answer = new HandOver.Answer(1, "c", Confirmation.ACCEPTED, 0, 0);
    session.tell(HandOver.State.late("another", answer));
    settle();
    outlet.expectNothing();
  }

  private ActorRef<SessionInput> cut() {
    ActorRef<SessionInput> session = stage.live(outlet);
    session.tell(new Session.Closed("test"));
    stage.peers.expectMessageClass(Peer.Away.class);
    settle();
    return session;
  }

  /** What was told to sessions has been taken: they share one thread. */
  private void settle() {
    actors.settle(ActorKit.LOOP);
  }

  private void assertNothingLeft() {
    await().until(() -> stage.ledger.live(Resource.SESSION) == 0);
    assertThat(stage.budget.used()).isZero();
  }
}
