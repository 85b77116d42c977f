package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.delivery.Loss;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is missing is told before anything that follows it, and why. */
class GapTest {
  @RegisterExtension final ActorKit actors = new ActorKit();
  private final FakeOutlet outlet = new FakeOutlet();
  private final Line line = new Line();

  @Test
  void aDropForWantOfMemoryIsToldBeforeTheNextMessageThoughNothingWaits() {
    Stage stage = new Stage(actors, 100);
    Conversation bob = connected(stage);
    outlet.writable = false;
    assertThat(bob.deliver(stage.mail(1))).isFalse();
    outlet.writable = true;
    bob.deliver(stage.mail(2));
    assertThat(outlet.expect(Frame.Gap.class)).isEqualTo(new Frame.Gap(1, "dropped by a limit"));
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-2");
  }

  @Test
  void itIsToldBeforeAMessageOfAnOlderSessionToo() {
    Stage stage = new Stage(actors, 100);
    Conversation bob = connected(stage);
    outlet.writable = false;
    bob.deliver(stage.mail(2));
    outlet.writable = true;
    bob.repeat(stage.mail(1));
    assertThat(outlet.expect(Frame.Gap.class).count()).isEqualTo(1);
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-1");
  }

  @Test
  void aLossOnTheWayIsToldWithItsReason() {
    Stage stage = new Stage(actors);
    ActorRef<SessionInput> session = stage.live(outlet);
    session.tell(new Mail.Lost(3, "route full"));
    assertThat(outlet.expect(Frame.Gap.class)).isEqualTo(new Frame.Gap(3, "route full"));
  }

  @Test
  void severalLossesInOnePlaceAreOneGapWithAllReasons() {
    Stage stage = new Stage(actors, 1 << 20, "queue-max-count = 1");
    Conversation bob = stage.conversation(line, true, 4);
    bob.deliver(stage.mail(1));
    bob.lost(new Loss(2, "link"));
    bob.deliver(stage.mail(2));
    line.connect(outlet);
    bob.flow();
    assertThat(outlet.expect(Frame.Gap.class))
        .isEqualTo(new Frame.Gap(3, "link; dropped by a limit"));
    assertThat(outlet.expect(Frame.Message.class).id()).isEqualTo("id-2");
  }

  private Conversation connected(Stage stage) {
    Conversation bob = stage.conversation(line, true, 4);
    line.connect(outlet);
    return bob;
  }
}
