package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Words that come late, or again: they lead nobody in circles, and hold nobody up. */
class LateWordTest {
  private static final Duration ATTACH = Duration.ofSeconds(2);
  private static final int TRIES = 5;

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;

  @BeforeEach
  void set() {
    stage = new Stage(actors);
  }

  @Test
  void anOpeningWhoseConnectionIsLostAsksNoMoreAndLeavesInTheEnd() {
    ActorRef<SessionInput> session = stage.session(outlet);
    Peer.Attach asked = stage.attach(session, Stage.hello(Optional.empty(), "client"));
    session.tell(new Session.Closed("gone"));
    for (int i = 0; i < TRIES; i++) {
      actors.settle("peerhub.loop.0");
      actors.pass(ATTACH);
    }
    // The next that the peer hears is no second question.
    assertThat(stage.peers.receiveMessage()).isEqualTo(new Peer.Leave(Stage.BOB, asked.seat()));
    stage.peers.expectTerminated(session);
  }

  @Test
  void anOpeningWhoseConnectionIsLostStillTakesALateAnswer() {
    ActorRef<SessionInput> session = stage.session(outlet);
    Peer.Attach asked = stage.attach(session, Stage.hello(Optional.empty(), "client"));
    session.tell(new Session.Closed("gone"));
    actors.settle("peerhub.loop.0");
    actors.pass(ATTACH.multipliedBy(2));
    session.tell(attached(7));
    assertThat(stage.peers.receiveMessage())
        .as("it is away from now on, and can be resumed")
        .isEqualTo(new Peer.Away(Stage.BOB, asked.seat()));
  }

  @Test
  void aSessionThatMovedAndIsNamedTheOneAgainEnds() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 9, false));
    successor.expectMessageClass(HandOver.State.class);
    successor.expectMessageClass(HandOver.End.class);
    session.tell(attached(10));
    successor.expectTerminated(session);
  }

  @Test
  void aSessionThatMovedDoesNotHoldUpANodeThatDrains() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 9, false));
    successor.expectMessageClass(HandOver.State.class);
    successor.expectMessageClass(HandOver.End.class);
    session.tell(new Session.Drain(Duration.ZERO));
    successor.expectTerminated(session);
  }

  @Test
  void aSessionThatMovesWhileItsNodeDrainsEndsWithItsHandOver() {
    ActorRef<SessionInput> session = stage.live(outlet);
    TestProbe<SessionInput> successor = actors.probe();
    session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 9, false));
    // Both come before it hears that all it sent has arrived.
    session.tell(new Session.Drain(Duration.ZERO));
    session.tell(stage.mail(1));
    successor.expectMessageClass(HandOver.State.class);
    successor.expectTerminated(session);
  }

  private Peer.Attached attached(long epoch) {
    return new Peer.Attached(epoch, stage.peers.ref(), null, false);
  }
}
