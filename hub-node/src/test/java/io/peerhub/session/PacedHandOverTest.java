package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hand-overs that take their time: nobody gives up on them, and they weigh no more than they may.
 */
class PacedHandOverTest {
  private static final Duration HAND_OVER = Duration.ofSeconds(2);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();

  @Test
  void anOlderSessionThatWaitsForItsTurnIsWaitedFor() {
    Stage stage = new Stage(actors);
    ActorRef<SessionInput> session = resuming(stage);
    session.tell(new HandOver.State("old", 0, 0, true, 3, 0, List.of()));
    for (int i = 0; i < 10; i++) {
      actors.settle("peerhub.loop.0");
      actors.pass(HAND_OVER.minusMillis(1));
      session.tell(new HandOver.Pending());
    }
    session.tell(new HandOver.Waiting(stage.mail(1)));
    session.tell(new HandOver.End(1));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isTrue();
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-1");
  }

  @Test
  void whatTheOlderSessionDroppedMeanwhileIsAGap() {
    Stage stage = new Stage(actors);
    ActorRef<SessionInput> session = resuming(stage);
    session.tell(new HandOver.State("old", 0, 0, true, 3, 2, List.of()));
    session.tell(new HandOver.End(0, 5));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(7);
  }

  @Test
  void whatIsHandedOverCountsInTheBooksOfTheNodeThatTakesIt() {
    Stage probe = new Stage(actors);
    int weight = probe.mail(1).weight();
    Stage stage = new Stage(actors, 2L * weight);
    ActorRef<SessionInput> session = resuming(stage);
    session.tell(new HandOver.State("old", 0, 0, true, 0, 0, List.of()));
    for (int n = 1; n <= 3; n++) {
      session.tell(new HandOver.Waiting(stage.mail(n, Confirmation.ACCEPTED)));
    }
    Mail.Refused refused = stage.sender.expectMessageClass(Mail.Refused.class);
    assertThat(refused.n()).isEqualTo(3);
    assertThat(refused.refusal()).isEqualTo(Refusal.DROPPED);
    assertThat(stage.budget.used()).isEqualTo(2L * weight);
    session.tell(new HandOver.End(3));
    assertThat(outlet.expect(Frame.Welcome.class).resumed()).isFalse();
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(1);
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-1");
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-2");
    actors.settle("peerhub.loop.0");
    assertThat(stage.budget.used()).isZero();
  }

  @Test
  void theBooksAreClosedWhenTheSessionEndsBeforeItsWelcome() {
    Stage stage = new Stage(actors);
    ActorRef<SessionInput> session = resuming(stage);
    session.tell(new HandOver.State("old", 0, 0, true, 0, 0, List.of()));
    session.tell(new HandOver.Waiting(stage.mail(1)));
    actors.settle("peerhub.loop.0");
    assertThat(stage.budget.used()).isPositive();
    TestProbe<SessionInput> watcher = actors.probe();
    actors.kit().stop(session);
    watcher.expectTerminated(session);
    actors.settle("peerhub.loop.0");
    assertThat(stage.budget.used()).isZero();
  }

  private ActorRef<SessionInput> resuming(Stage stage) {
    ActorRef<SessionInput> session = stage.session(outlet);
    stage.attach(session, Stage.hello(Optional.of(new Frame.Resume("old", 0)), "client"));
    TestProbe<SessionInput> older = actors.probe();
    session.tell(new Peer.Attached(8, stage.peers.ref(), new Seat(older.ref(), 0), true));
    return session;
  }
}
