package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An older session that stood still, and hands over when nobody waits for it any more. */
class LateHandOverTest {
  private static final Duration HAND_OVER = Duration.ofSeconds(2);

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
  void whatThePeerHadProcessedIsNotRepeatedAndTheRestIsFlagged() {
    ActorRef<SessionInput> session = notWaitedFor(2);
    handOverLate(session);
    assertThat(stage.sender.expectMessageClass(Mail.Confirmed.class).n()).isEqualTo(2);
    Frame.Message third = outlet.expect(Frame.Message.class);
    assertThat(third.id()).isEqualTo("id-3");
    assertThat(third.redelivered()).isTrue();
    Frame.Message waited = outlet.expect(Frame.Message.class);
    assertThat(waited.id()).isEqualTo("id-4");
    assertThat(waited.redelivered()).isFalse();
  }

  @Test
  void whoClaimsMoreThanWasWrittenIsNotBelieved() {
    ActorRef<SessionInput> session = notWaitedFor(9);
    handOverLate(session);
    for (int n = 1; n <= 4; n++) {
      assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-" + n);
    }
  }

  @Test
  void itStaysProcessedAndFlaggedAfterOneMoreHop() {
    ActorRef<SessionInput> session = notWaitedFor(2);
    TestProbe<SessionInput> newest = yieldTo(session);
    newest.expectMessageClass(HandOver.End.class);
    handOverLate(session);
    newest.expectMessageClass(HandOver.State.class);
    Mail.Delivery third = newest.expectMessageClass(Mail.Forwarded.class).delivery();
    assertThat(third.n()).isEqualTo(3);
    assertThat(third.again()).isTrue();
    Mail.Delivery waited = newest.expectMessageClass(Mail.Forwarded.class).delivery();
    assertThat(waited.n()).isEqualTo(4);
    assertThat(waited.again()).isFalse();
  }

  @Test
  void whatWasWrittenBeforeIsFlaggedAfterItWaitedForAResume() {
    ActorRef<SessionInput> session = notWaitedFor(0);
    session.tell(new Session.Closed("gone"));
    handOverLate(session);
    TestProbe<SessionInput> newest = yieldTo(session);
    for (int n = 1; n <= 4; n++) {
      Mail.Delivery waiting = newest.expectMessageClass(HandOver.Waiting.class).delivery();
      assertThat(waiting.n()).isEqualTo(n);
      assertThat(waiting.again()).as("message %d", n).isEqualTo(n < 4);
    }
  }

  @Test
  void nobodyIsToldThatWhatWasWrittenHasNotBeenDelivered() {
    ActorRef<SessionInput> session = notWaitedFor(0);
    session.tell(new Session.Closed("gone"));
    session.tell(new HandOver.State("old", 3, 0, true, 0, 0, List.of()));
    session.tell(new HandOver.Written(1, 1, stage.mail(1, Confirmation.DELIVERED)));
    session.tell(new HandOver.Waiting(stage.mail(2, Confirmation.DELIVERED)));
    session.tell(new Session.Drain(Duration.ZERO));
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.OUTCOME_UNKNOWN);
    assertThat(stage.sender.expectMessageClass(Mail.Refused.class).refusal())
        .isEqualTo(Refusal.OFFLINE);
  }

  @Test
  void whatWasHandedOverToOneThatEndsBeforeItsWelcomeIsToldToItsSenders() {
    ActorRef<SessionInput> session = resuming(0);
    session.tell(new HandOver.State("old", 1, 0, true, 0, 0, List.of()));
    session.tell(new HandOver.Written(1, 1, stage.mail(1, Confirmation.DELIVERED)));
    session.tell(new HandOver.Waiting(stage.mail(2, Confirmation.ACCEPTED)));
    actors.settle("peerhub.loop.0");
    actors.kit().stop(session);
    Mail.Refused written = stage.sender.expectMessageClass(Mail.Refused.class);
    assertThat(written.n()).isEqualTo(1);
    assertThat(written.refusal()).isEqualTo(Refusal.OUTCOME_UNKNOWN);
    Mail.Refused waiting = stage.sender.expectMessageClass(Mail.Refused.class);
    assertThat(waiting.n()).isEqualTo(2);
    assertThat(waiting.refusal()).isEqualTo(Refusal.OFFLINE);
    assertThat(stage.meters.sum(Drop.SESSION_OVER)).isEqualTo(2);
  }

  @Test
  void whatComesByTheOldWayBehindNewerMailIsNotDeliveredAndLeavesAGap() {
    ActorRef<SessionInput> session = notWaitedFor(0);
    session.tell(new Mail.Forwarded(stage.mail(1)));
    session.tell(stage.mail(4));
    session.tell(new Mail.Forwarded(stage.mail(2, Confirmation.ACCEPTED)));
    session.tell(new HandOver.Waiting(stage.mail(3)));
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-1");
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-4");
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(1);
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(1);
    Mail.Refused told = stage.sender.expectMessageClass(Mail.Refused.class);
    assertThat(told.n()).isEqualTo(2);
    assertThat(told.refusal()).isEqualTo(Refusal.OUTCOME_UNKNOWN);
    assertThat(stage.meters.sum(Drop.OVERTAKEN)).isEqualTo(2);
  }

  @Test
  void aLoopThatHasSentNothingStraightIsNotOvertakenByAnother() {
    ActorRef<SessionInput> session = notWaitedFor(0);
    session.tell(stage.mail(4));
    Mail.Delivery fromElsewhere = mailOf(new Seat(stage.sender.ref(), 1), 1);
    session.tell(new Mail.Forwarded(fromElsewhere));
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-4");
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-1");
  }

  private static Mail.Delivery mailOf(Seat sender, int n) {
    return Deliveries.to(Stage.BOB).from("carol").numbered(n).answeredAt(sender).make();
  }

  /** Three that were written, the second of which asks for a confirmation, and one that waited. */
  private void handOverLate(ActorRef<SessionInput> session) {
    session.tell(new HandOver.State("old", 3, 0, true, 0, 0, List.of()));
    session.tell(new HandOver.Written(1, 1, stage.mail(1)));
    session.tell(new HandOver.Written(2, 1, stage.mail(2, Confirmation.DELIVERED)));
    session.tell(new HandOver.Written(3, 1, stage.mail(3)));
    session.tell(new HandOver.Waiting(stage.mail(4)));
    session.tell(new HandOver.End(4));
  }

  /** A session whose peer said so at the welcome, and whose older session has said nothing. */
  private ActorRef<SessionInput> notWaitedFor(long received) {
    ActorRef<SessionInput> session = resuming(received);
    actors.settle("peerhub.loop.0");
    actors.pass(HAND_OVER);
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    assertThat(outlet.expect(Frame.Gap.class).count()).isZero();
    return session;
  }

  private ActorRef<SessionInput> resuming(long received) {
    ActorRef<SessionInput> session = stage.session(outlet);
    Frame.Resume resume = new Frame.Resume("old", received);
    stage.attach(session, Stage.hello(Optional.of(resume), "client"));
    session.tell(new Peer.Attached(8, stage.peers.ref(), new Seat(older.ref(), 0), true));
    return session;
  }

  private TestProbe<SessionInput> yieldTo(ActorRef<SessionInput> session) {
    TestProbe<SessionInput> newest = actors.probe();
    session.tell(new Peer.Yield(new Seat(newest.ref(), 0), 9, true));
    newest.expectMessageClass(HandOver.State.class);
    return newest;
  }
}
