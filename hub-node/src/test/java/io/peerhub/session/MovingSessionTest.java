package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session that moves stays on its roster until its successor has entered one. */
class MovingSessionTest {
  private static final Duration LINGER = Duration.ofSeconds(10);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;
  private TestProbe<SessionInput> successor;
  private Seat seat;

  @BeforeEach
  void move() {
    stage = new Stage(actors);
    successor = actors.probe();
    ActorRef<SessionInput> session = stage.live(outlet);
    stage.roster.expectMessageClass(Roster.Enter.class, PATIENCE);
    seat = stage.roster.expectMessageClass(Roster.Enter.class, PATIENCE).entry().seat();
    session.tell(new Peer.Yield(new Seat(successor.ref(), 0), 2, true));
    assertThat(stage.roster.expectMessageClass(Roster.Moving.class, PATIENCE).seat())
        .isEqualTo(seat);
    successor.expectMessageClass(HandOver.State.class, PATIENCE);
    successor.expectMessageClass(HandOver.End.class, PATIENCE);
    stage.actors.settle("peerhub.loop.0");
  }

  @Test
  void itLeavesWhenItsSuccessorHasEnteredOrNeverWill() {
    actors.pass(LINGER.minusMillis(1));
    stage.roster.expectNoMessage();
    actors.pass(Duration.ofMillis(1));
    assertThat(stage.roster.expectMessageClass(Roster.Exit.class, PATIENCE).seat()).isEqualTo(seat);
  }

  @Test
  void itLeavesAtOnceWhenItsSuccessorHasEnded() {
    successor.stop();
    assertThat(stage.roster.expectMessageClass(Roster.Exit.class, PATIENCE).seat()).isEqualTo(seat);
  }
}
