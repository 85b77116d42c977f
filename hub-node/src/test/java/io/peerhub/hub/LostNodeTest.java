package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node of two that vanishes without a word, as by {@code kill -9} or a cut cable. */
class LostNodeTest {
  private TestHub first;
  private TestHub second;
  private Severance severance;

  @BeforeEach
  void start() throws Exception {
    first = TestHub.start(Severance.SETTINGS);
    second = first.second(Severance.SETTINGS);
    severance = new Severance(first, second);
    severance.awaitBothUp();
  }

  @AfterEach
  void stop() {
    severance.endLost();
    first.close();
  }

  private static TestPeer live(TestHub hub, String identity) throws Exception {
    return TestPeer.live(hub.address(), Wire.BINARY, identity);
  }

  @Test
  void whatWasOnItsWayThereHasAnOutcomeThatNobodyKnows() throws Exception {
    try (TestPeer a = live(first, "a");
        TestPeer b = live(second, "b")) {
      a.say(TestPeer.send("b", "hi", "", 1, Confirmation.DELIVERED));
      b.expect(Frame.Message.class);
      assertThat(a.expect(Frame.Confirm.class).n()).isEqualTo(1);
      severance.cut();
      for (int n = 2; n <= 50; n++) {
        Confirmation wanted = Confirmation.values()[n % Confirmation.values().length];
        a.say(TestPeer.send("b", "lost", "id-" + n, n, wanted));
      }
      a.say(new Frame.Ping(1, Map.of()));
      a.expect(Frame.Pong.class);
      severance.declareDead();
      for (int n = 2; n <= 50; n++) {
        if (Confirmation.values()[n % Confirmation.values().length] != Confirmation.NONE) {
          Frame.Refuse told = a.expect(Frame.Refuse.class);
          assertThat(told.n()).isEqualTo(n);
          assertThat(told.id()).isEqualTo("id-" + n);
          assertThat(told.code()).isEqualTo(Refusal.OUTCOME_UNKNOWN.code());
        }
      }
      long[] n = {50};
      TestHub.eventually(
          () -> {
            a.say(TestPeer.send("b", "late", "", ++n[0], Confirmation.ACCEPTED));
            return a.expect(Frame.Refuse.class).code() == Refusal.OFFLINE.code();
          });
      assertThat(first.node().meters().sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
    }
  }
}
