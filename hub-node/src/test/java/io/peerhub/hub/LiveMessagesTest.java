package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What guarantees.md says of live messages, through real sockets of one node. */
class LiveMessagesTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static TestPeer peer(Wire wire, String identity) throws Exception {
    return TestPeer.live(hub.address(), wire, identity);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void deliversWhatWasSentAndWritesTheSenderItself(Wire wire) throws Exception {
    try (TestPeer alice = peer(wire, "alice");
        TestPeer bob = peer(Wire.BINARY, "bob/phone")) {
      alice.say(
          new Frame.Send(
              "bob/phone",
              Body.json("{\"a\": [1, 2]}"),
              "m-1",
              1,
              DeliveryClass.LIVE,
              Confirmation.NONE,
              0,
              "m-0",
              Map.of("k", "v")));
      Frame.Message message = bob.expect(Frame.Message.class);
      assertThat(message.from()).isEqualTo("alice");
      assertThat(message.body()).isEqualTo(Body.json("{\"a\": [1, 2]}"));
      assertThat(message.seq()).isEqualTo(1);
      assertThat(message.id()).isEqualTo("m-1");
      assertThat(message.re()).isEqualTo("m-0");
      assertThat(message.headers()).isEqualTo(Map.of("k", "v"));
      assertThat(message.to()).isEmpty();
      assertThat(message.sentAt()).isPositive();
      assertThat(message.redelivered()).isFalse();
    }
  }

  @Test
  void keepsTheOrderOfAFlowOfThousands() throws Exception {
    try (TestPeer a = peer(Wire.BINARY, "order-a");
        TestPeer b = peer(Wire.JSON, "order-b")) {
      // The first one opens the route: while the receiver is looked for, only a thousand may wait.
      a.tell("order-b", "m1");
      assertThat(b.expect(Frame.Message.class).seq()).isEqualTo(1);
      for (int i = 2; i <= 5000; i++) {
        a.tell("order-b", "m" + i);
      }
      for (int i = 2; i <= 5000; i++) {
        Frame.Message message = b.expect(Frame.Message.class);
        assertThat(message.body().asText()).isEqualTo("m" + i);
        assertThat(message.seq()).isEqualTo(i);
      }
    }
  }

  @Test
  void confirmsOnceAtTheLevelThatWasAskedFor() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "confirm-a");
        TestPeer b = TestPeer.connect(hub.address(), Wire.BINARY)) {
      b.say(TestPeer.hello("confirm-b", "client", null));
      b.expect(Frame.Welcome.class);
      a.say(TestPeer.send("confirm-b", "1", "x1", 1, Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Confirm.class))
          .isEqualTo(new Frame.Confirm("x1", 1, Confirmation.ACCEPTED, false));
      a.say(TestPeer.send("confirm-b", "2", "x2", 2, Confirmation.DELIVERED));
      b.expect(Frame.Message.class);
      b.expect(Frame.Message.class);
      a.say(new Frame.Ping(7, Map.of()));
      assertThat(a.expect(Frame.Pong.class).t()).as("nothing is confirmed unacked").isEqualTo(7);
      b.say(new Frame.Ack(2));
      assertThat(a.expect(Frame.Confirm.class))
          .isEqualTo(new Frame.Confirm("x2", 2, Confirmation.DELIVERED, false));
    }
  }

  @Test
  void answersARepeatLikeTheFirstAndDeliversItOnce() throws Exception {
    try (TestPeer a = peer(Wire.BINARY, "repeat-a");
        TestPeer b = peer(Wire.BINARY, "repeat-b")) {
      Frame.Send send = TestPeer.send("repeat-b", "once", "r1", 1, Confirmation.ACCEPTED);
      a.say(send);
      a.expect(Frame.Confirm.class);
      a.say(send);
      assertThat(a.expect(Frame.Confirm.class))
          .isEqualTo(new Frame.Confirm("r1", 1, Confirmation.ACCEPTED, true));
      a.say(TestPeer.send("repeat-b", "twice", "r2", 2, Confirmation.NONE));
      assertThat(b.expect(Frame.Message.class).body().asText()).isEqualTo("once");
      assertThat(b.expect(Frame.Message.class).body().asText()).isEqualTo("twice");
    }
  }

  @Test
  void refusesAHoleInTheNumbersAndGoesOn() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "hole-a")) {
      a.say(TestPeer.send("hole-a", "?", "h5", 5, Confirmation.NONE));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OUT_OF_SEQUENCE.code());
      a.say(TestPeer.send("hole-a", "!", "h1", 1, Confirmation.NONE));
      assertThat(a.expect(Frame.Message.class).body().asText()).isEqualTo("!");
    }
  }

  @Test
  void tellsASenderThatAskedWhenTheReceiverIsOffline() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "off-a")) {
      a.say(TestPeer.send("nobody-here", "?", "o1", 1, Confirmation.ACCEPTED));
      Frame.Refuse refuse = a.expect(Frame.Refuse.class);
      assertThat(refuse.code()).isEqualTo(Refusal.OFFLINE.code());
      assertThat(refuse.id()).isEqualTo("o1");
      assertThat(refuse.n()).isEqualTo(1);
    }
  }

  @Test
  void sendsToAllDevicesOfANameAndToNobodyElse() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "dev-a");
        TestPeer bare = peer(Wire.JSON, "fan");
        TestPeer one = peer(Wire.JSON, "fan/1");
        TestPeer two = peer(Wire.BINARY, "fan/2");
        TestPeer other = peer(Wire.JSON, "fan2");
        TestPeer near = peer(Wire.JSON, "fan.x")) {
      a.tell("fan/*", "all");
      for (TestPeer device : new TestPeer[] {bare, one, two}) {
        Frame.Message message = device.expect(Frame.Message.class);
        assertThat(message.to()).isEqualTo("fan/*");
        assertThat(message.body().asText()).isEqualTo("all");
      }
      for (TestPeer stranger : new TestPeer[] {other, near}) {
        stranger.say(new Frame.Ping(1, Map.of()));
        stranger.expect(Frame.Pong.class);
      }
      a.say(TestPeer.send("nobody/*", "?", "d1", 1, Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OFFLINE.code());
    }
  }

  @Test
  void saysWhoIsThere() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "ask-a");
        TestPeer b = peer(Wire.JSON, "ask-b")) {
      a.say(new Frame.Ask("ask-b", "", "q1"));
      Frame.Presence online = a.expect(Frame.Presence.class);
      assertThat(online.event()).isEqualTo("online");
      assertThat(online.peer()).isEqualTo("ask-b");
      assertThat(online.id()).isEqualTo("q1");
      assertThat(online.since()).isPositive();
      b.cut();
      TestHub.eventually(
          () -> {
            a.say(new Frame.Ask("ask-b", "", "q2"));
            return a.expect(Frame.Presence.class).event().equals("away");
          });
      a.say(new Frame.Ask("ask-nobody", "", "q3"));
      assertThat(a.expect(Frame.Presence.class).event()).isEqualTo("offline");
    }
  }

  @Test
  void refusesWhatThisVersionDoesNotServeWithItsNumber() throws Exception {
    try (TestPeer a = peer(Wire.JSON, "later-a")) {
      a.say(TestPeer.send("service:s", "?", "1", 1, Confirmation.NONE));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.WRONG_ADDRESS.code());
      a.say(new Frame.Serve("s", "j"));
      Frame.Refuse serve = a.expect(Frame.Refuse.class);
      assertThat(serve.code()).isEqualTo(Refusal.UNKNOWN_FRAME.code());
      assertThat(serve.frame()).isEqualTo("serve");
      assertThat(serve.id()).isEqualTo("j");
      a.say(TestPeer.send("a b", "?", "2", 2, Confirmation.NONE));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.BAD_NAME.code());
    }
  }

  /** How many go, and when the next one may, is RateLimitTest's. */
  @Test
  void refusesSendsBeyondTheRateAndSaysWhenToTryAgain() throws Exception {
    try (TestHub slow =
            TestHub.start(
                Map.of("peerhub.session.sends-per-second", 1, "peerhub.session.sends-burst", 5));
        TestPeer a = TestPeer.live(slow.address(), Wire.JSON, "fast")) {
      for (int n = 1; n <= 500; n++) {
        a.say(TestPeer.send("fast", "m" + n, "", n, Confirmation.NONE));
      }
      Frame.Refuse refuse = a.await(Frame.Refuse.class);
      assertThat(refuse.code()).isEqualTo(Refusal.TOO_FAST.code());
      assertThat(refuse.n()).isGreaterThan(5);
      assertThat(refuse.retryAfterMs()).isBetween(1, 1000);
    }
  }
}
