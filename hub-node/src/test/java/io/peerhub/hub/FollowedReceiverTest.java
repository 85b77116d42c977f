package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node that is out of reach, and that nobody takes for dead yet: its peers come back on another
 * one, and what is sent to them follows at once.
 */
class FollowedReceiverTest {
  private TestHub first;
  private TestHub second;
  private Severance severance;

  @BeforeEach
  void start() throws Exception {
    Map<String, Object> settings = new HashMap<>(Severance.SETTINGS);
    // The older session is on the node that is out of reach.
    settings.put("peerhub.session.hand-over-timeout", "1s");
    settings.put("peerhub.routing.link.resend-after", "100ms");
    first = TestHub.start(settings);
    second = first.second(settings);
    severance = new Severance(first, second);
    severance.awaitBothUp();
  }

  @AfterEach
  void stop() {
    severance.endLost();
    first.close();
  }

  @Test
  void aRouteFollowsItsReceiverThoughTheOldNodeSaysNothing() throws Exception {
    String bob = receiverWhoseActorIsOnTheFirstNode();
    try (TestPeer alice = TestPeer.live(first.address(), Wire.BINARY, "alice");
        TestPeer lost = TestPeer.connect(second.address(), Wire.BINARY)) {
      lost.say(TestPeer.hello(bob, "client", null));
      String session = lost.expect(Frame.Welcome.class).session();
      alice.say(TestPeer.send(bob, "1", "", 1, Confirmation.ACCEPTED));
      assertThat(alice.expect(Frame.Confirm.class).n()).isEqualTo(1);
      severance.cut();
      for (int n = 2; n <= 50; n++) {
        alice.say(TestPeer.send(bob, "lost", "", n, Confirmation.DELIVERED));
      }
      try (TestPeer back = TestPeer.connect(first.address(), Wire.BINARY)) {
        back.say(TestPeer.hello(bob, "client", new Frame.Resume(session, 0)));
        assertThat(back.expect(Frame.Welcome.class).resumed()).isFalse();
        assertThat(back.expect(Frame.Gap.class).count()).as("nobody knows how many").isZero();
        for (int n = 51; n <= 60; n++) {
          alice.say(TestPeer.send(bob, "m" + n, "", n, Confirmation.DELIVERED));
        }
        assertThat(back.expect(Frame.Gap.class).count()).isEqualTo(49);
        for (int n = 51; n <= 60; n++) {
          assertThat(back.expect(Frame.Message.class).body().asText()).isEqualTo("m" + n);
        }
        back.say(new Frame.Ack(10));
        for (int n = 2; n <= 50; n++) {
          Frame.Refuse told = alice.expect(Frame.Refuse.class);
          assertThat(told.n()).isEqualTo(n);
          assertThat(told.code()).isEqualTo(Refusal.OUTCOME_UNKNOWN.code());
        }
        for (int n = 51; n <= 60; n++) {
          assertThat(alice.expect(Frame.Confirm.class).n()).isEqualTo(n);
        }
      }
      assertThat(first.node().meters().sum(Meter.LINKS_FAILED)).as("no link given up").isZero();
    }
  }

  private String receiverWhoseActorIsOnTheFirstNode() throws Exception {
    for (int i = 0; ; i++) {
      String name = "bob-" + i;
      long before = first.live(Resource.PEER);
      try (TestPeer peer = TestPeer.live(second.address(), Wire.BINARY, name)) {
        boolean isHere = first.live(Resource.PEER) > before;
        peer.say(new Frame.Bye(""));
        peer.awaitEnd();
        if (isHere) {
          return name;
        }
      }
    }
  }
}
