package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rules deny is refused by the hub, on every wire; what they allow passes. */
class PermissionTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub =
        TestHub.start(
            Map.of(
                "peerhub.permissions.default",
                "deny",
                "peerhub.permissions.rules",
                List.of(
                    "allow asker-*,answerer-* send,ask asker-*,answerer-*",
                    "allow asker-* send room:yard,service:ingest",
                    "deny * send,ask answerer-secret")));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static Frame.Send send(String to, long n, DeliveryClass delivery) {
    return new Frame.Send(
        to, Body.text("x"), "m" + n, n, delivery, Confirmation.ACCEPTED, 0, "", Map.of());
  }

  private static void refused(TestPeer peer, long n, Refusal refusal) throws Exception {
    Frame.Refuse refuse = peer.expect(Frame.Refuse.class);
    assertThat(refuse.code()).isEqualTo(refusal.code());
    assertThat(refuse.id()).isEqualTo("m" + n);
    assertThat(refuse.n()).isEqualTo(n);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void whatIsAllowedArrivesAndWhatIsNotDoesNot(Wire wire) throws Exception {
    try (TestPeer asker = TestPeer.live(hub.address(), wire, "asker-" + wire);
        TestPeer answerer = TestPeer.live(hub.address(), wire, "answerer-" + wire);
        TestPeer stranger = TestPeer.live(hub.address(), wire, "stranger-" + wire)) {
      long accepted = hub.node().meters().sum(Meter.ACCEPTED);
      String to = "answerer-" + wire;
      stranger.say(send(to, 1, DeliveryClass.LIVE));
      refused(stranger, 1, Refusal.NOT_ALLOWED);
      stranger.say(send(to, 2, DeliveryClass.CRITICAL));
      refused(stranger, 2, Refusal.NOT_ALLOWED);
      // The same again is the same answer, not another attempt.
      stranger.say(send(to, 1, DeliveryClass.LIVE));
      refused(stranger, 1, Refusal.NOT_ALLOWED);
      assertThat(hub.node().meters().sum(Meter.ACCEPTED)).isEqualTo(accepted);

      asker.say(send(to, 1, DeliveryClass.LIVE));
      assertThat(answerer.expect(Frame.Message.class).from()).isEqualTo("asker-" + wire);
      asker.expect(Frame.Confirm.class);
      assertThat(answerer.unread()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void everyKindOfAddressIsJudged(Wire wire) throws Exception {
    try (TestPeer asker = TestPeer.live(hub.address(), wire, "asker-a");
        TestPeer stranger = TestPeer.live(hub.address(), wire, "stranger")) {
      List<String> addresses =
          List.of(
              "asker-a", "stranger", "nobody", "asker-a/*", "room:yard", "service:ingest", "all:");
      long n = 0;
      for (String to : addresses) {
        stranger.say(send(to, ++n, DeliveryClass.LIVE));
        refused(stranger, n, Refusal.NOT_ALLOWED);
      }
      asker.say(send("answerer-secret", 1, DeliveryClass.LIVE));
      refused(asker, 1, Refusal.NOT_ALLOWED);
      // A rule for bare names says nothing about all devices of one.
      asker.say(send("answerer-a/*", 2, DeliveryClass.LIVE));
      refused(asker, 2, Refusal.NOT_ALLOWED);
      asker.say(send("room:board", 3, DeliveryClass.LIVE));
      refused(asker, 3, Refusal.NOT_ALLOWED);
      asker.say(send("all:", 4, DeliveryClass.LIVE));
      refused(asker, 4, Refusal.NOT_ALLOWED);
    }
  }

  @Test
  void questionsAreJudgedToo() throws Exception {
    try (TestPeer asker = TestPeer.live(hub.address(), Wire.BINARY, "asker-q")) {
      asker.say(new Frame.Ask("answerer-q", "", "q1"));
      assertThat(asker.expect(Frame.Presence.class).event()).isEqualTo("offline");
      for (String peer : List.of("answerer-secret", "stranger", "asker-q/phone")) {
        asker.say(new Frame.Ask(peer, "", "q2"));
        Frame.Refuse refuse = asker.expect(Frame.Refuse.class);
        assertThat(refuse.code()).isEqualTo(Refusal.NOT_ALLOWED.code());
        assertThat(refuse.id()).isEqualTo("q2");
      }
    }
  }

  /** A stream of targets that are allowed and denied in turn, more than are remembered. */
  @Test
  void everyMessageOfAStreamIsJudgedByItsOwnTarget() throws Exception {
    try (TestPeer asker = TestPeer.live(hub.address(), Wire.BINARY, "asker-s");
        TestPeer answerer = TestPeer.live(hub.address(), Wire.BINARY, "answerer-s")) {
      int rounds = 500;
      for (int i = 0; i < rounds; i++) {
        asker.tell("answerer-s", "allowed " + i);
        asker.tell("stranger-" + i, "denied " + i);
      }
      for (int i = 0; i < rounds; i++) {
        assertThat(answerer.expect(Frame.Message.class).body().asText()).isEqualTo("allowed " + i);
        assertThat(asker.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.NOT_ALLOWED.code());
      }
    }
  }
}
