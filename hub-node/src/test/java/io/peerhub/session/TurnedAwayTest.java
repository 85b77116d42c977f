package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that have said all they have to, and are not let in. */
class TurnedAwayTest {
  private static final Duration ATTACH_TIMEOUT = Duration.ofSeconds(2);

  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private Stage stage;
  private ActorRef<SessionInput> session;

  @BeforeEach
  void attach() {
    stage = new Stage(actors);
    session = stage.session(outlet);
    stage.attach(session, Stage.hello(Optional.empty(), "client"));
  }

  @Test
  void whoWasBrokenOffIsCountedOnceWhateverItsPeerSaysLater() {
    session.tell(new Session.Malformed(new BadFrame(Refusal.MALFORMED, "not a frame")));
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.MALFORMED.code());
    session.tell(new Peer.Denied(Refusal.ALREADY_CONNECTED, 0));
    stage.peers.expectTerminated(session, PATIENCE);
    assertThat(stage.meters.sum(Meter.HANDSHAKES_FAILED)).isEqualTo(1);
    assertThat(stage.meters.sum(Refusal.ALREADY_CONNECTED)).isZero();
  }

  @Test
  void andOnceIfItsPeerNeverSaysAnything() {
    session.tell(new Session.Drain(Duration.ofMillis(70)));
    assertThat(outlet.expect(Frame.Error.class))
        .isEqualTo(new Frame.Error(5002, Refusal.DRAINING.reason(), 70));
    for (int i = 1; i <= 5; i++) {
      // It asks no more, and waits as long for the answer to what it has asked.
      actors.settle("peerhub.loop.0");
      actors.pass(ATTACH_TIMEOUT);
    }
    stage.peers.expectTerminated(session, PATIENCE);
    assertThat(stage.meters.sum(Meter.HANDSHAKES_FAILED)).isEqualTo(1);
  }

  @Test
  void theHandshakesDeadlineIsOffWhileThePeersActorIsWaitedFor() {
    assertThat(outlet.heardOut).isTrue();
    passAllTries();
    assertThat(outlet.expect(Frame.Error.class))
        .isEqualTo(new Frame.Error(5003, Refusal.NO_MAJORITY.reason(), 2_000));
    await().until(() -> outlet.closed);
  }

  @Test
  void aPeerThatIsDeniedIsToldWhenToComeAgain() {
    session.tell(new Peer.Denied(Refusal.STORE_UNAVAILABLE, 1_000));
    assertThat(outlet.expect(Frame.Error.class))
        .isEqualTo(new Frame.Error(5001, Refusal.STORE_UNAVAILABLE.reason(), 1_000));
  }

  private void passAllTries() {
    for (int i = 2; i <= 5; i++) {
      actors.pass(ATTACH_TIMEOUT);
      stage.peers.expectMessageClass(Peer.Attach.class, PATIENCE);
    }
    actors.pass(ATTACH_TIMEOUT);
  }
}
