package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionFaultsTest {
  @RegisterExtension final ActorKit actors = new ActorKit();

  /** Headers over which whoever looks at them first fails. */
  private static final class Hollow extends AbstractMap<String, String> {
    private boolean seen;

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      if (!seen) {
        seen = true;
        throw new StackOverflowError("a fault");
      }
      return Set.of();
    }
  }

  @Test
  void anErrorEndsTheSessionAsABugDoesAndDoesNotLeaveItHalfDone() {
    Stage stage = new Stage(actors);
    FakeOutlet outlet = new FakeOutlet();
    ActorRef<SessionInput> session = stage.live(outlet);
    Mail.Delivery mail = stage.mail(1);
    session.tell(Deliveries.like(mail).headers(new Hollow()).make());
    stage.sender.expectTerminated(session, PATIENCE);
    await().until(() -> outlet.closed);
    await().until(() -> stage.ledger.live(Resource.SESSION) == 0);
    assertThat(stage.meters.sum(Meter.CRASHES)).isEqualTo(1);
  }

  @Test
  void aConnectionThatFailsWhenItsSessionIsMadeEndsNoOther() {
    Stage stage = new Stage(actors);
    ActorRef<Sessions.Command> sessions = actors.kit().spawn(Sessions.create(stage.with));
    sessions.tell(new Sessions.Open(null));
    FakeOutlet outlet = new FakeOutlet();
    sessions.tell(new Sessions.Open(outlet));
    await().until(() -> stage.ledger.live(Resource.SESSION) == 2);
    sessions.tell(new Sessions.Drain(Duration.ZERO));
    assertThat(outlet.expect(Frame.Error.class).code()).isEqualTo(Refusal.DRAINING.code());
  }
}
