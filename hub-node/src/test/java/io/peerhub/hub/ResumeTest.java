package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that survive their connection: whole, or with a gap that is told. */
class ResumeTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start(Map.of("peerhub.session.queue-max-count", 100));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static TestPeer connect(String identity, String ack, Frame.Resume resume)
      throws Exception {
    return connect(Wire.BINARY, identity, ack, resume);
  }

  private static TestPeer connect(Wire wire, String identity, String ack, Frame.Resume resume)
      throws Exception {
    TestPeer peer = TestPeer.connect(hub.address(), wire);
    peer.say(TestPeer.hello(identity, ack, resume));
    return peer;
  }

  private static void awaitAway(TestPeer asker, String identity) {
    TestHub.eventually(
        () -> {
          asker.say(new Frame.Ask(identity, "", ""));
          return asker.await(Frame.Presence.class).event().equals("away");
        });
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void nothingIsLostOrDoubledByACutForAPeerThatAcknowledges(Wire second) throws Exception {
    String name = "whole-" + second;
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "writer-" + second)) {
      TestPeer b = connect(name, "client", null);
      Frame.Welcome first = b.expect(Frame.Welcome.class);
      for (int i = 1; i <= 20; i++) {
        a.tell(name, "m" + i);
      }
      for (int i = 1; i <= 20; i++) {
        assertThat(b.expect(Frame.Message.class).seq()).isEqualTo(i);
      }
      b.say(new Frame.Ack(5));
      b.cut();
      awaitAway(a, name);
      for (int i = 21; i <= 30; i++) {
        a.tell(name, "m" + i);
      }
      TestPeer again = connect(second, name, "client", new Frame.Resume(first.session(), 8));
      Frame.Welcome welcome = again.expect(Frame.Welcome.class);
      assertThat(welcome.resumed()).isTrue();
      assertThat(welcome.session()).isEqualTo(first.session());
      assertThat(welcome.epoch()).isGreaterThan(first.epoch());
      for (int i = 9; i <= 30; i++) {
        Frame.Message message = again.expect(Frame.Message.class);
        assertThat(message.seq()).isEqualTo(i);
        assertThat(message.body().asText()).isEqualTo("m" + i);
        assertThat(message.redelivered()).isEqualTo(i <= 20);
      }
      again.close();
    }
  }

  @Test
  void aResumeGoesOnCountingTheSendsAndAnswersRepeats() throws Exception {
    TestPeer a = connect("counter", "client", null);
    Frame.Welcome first = a.expect(Frame.Welcome.class);
    Frame.Send send = TestPeer.send("counter", "x", "c3", 3, Confirmation.ACCEPTED);
    a.say(TestPeer.send("counter", "x", "c1", 1, Confirmation.NONE));
    a.say(TestPeer.send("nobody", "x", "c2", 2, Confirmation.ACCEPTED));
    a.await(Frame.Refuse.class);
    a.say(send);
    a.await(Frame.Confirm.class);
    a.cut();
    TestPeer again = connect("counter", "client", new Frame.Resume(first.session(), 0));
    Frame.Welcome welcome = again.expect(Frame.Welcome.class);
    assertThat(welcome.resumed()).isTrue();
    assertThat(welcome.received()).isEqualTo(3);
    again.expect(Frame.Message.class);
    again.expect(Frame.Message.class);
    again.say(send);
    assertThat(again.expect(Frame.Confirm.class).duplicate()).isTrue();
    again.say(TestPeer.send("nobody", "x", "c2", 2, Confirmation.ACCEPTED));
    assertThat(again.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OFFLINE.code());
    again.close();
  }

  @Test
  void withAutoAResumeIsWholeOnlyIfThePeerHasSeenTheLastOneWritten() throws Exception {
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "auto-writer")) {
      TestPeer b = connect("auto", "auto", null);
      String session = b.expect(Frame.Welcome.class).session();
      for (int i = 1; i <= 10; i++) {
        a.tell("auto", "m" + i);
        b.expect(Frame.Message.class);
      }
      b.cut();
      awaitAway(a, "auto");
      a.tell("auto", "m11");
      TestPeer whole = connect("auto", "auto", new Frame.Resume(session, 10));
      assertThat(whole.expect(Frame.Welcome.class).resumed()).isTrue();
      assertThat(whole.expect(Frame.Message.class).seq()).isEqualTo(11);
      whole.cut();
      awaitAway(a, "auto");
      a.tell("auto", "m12");
      TestPeer holed = connect("auto", "auto", new Frame.Resume(session, 7));
      Frame.Welcome welcome = holed.expect(Frame.Welcome.class);
      assertThat(welcome.resumed()).isFalse();
      assertThat(welcome.session()).isNotEqualTo(session);
      assertThat(welcome.received()).isZero();
      assertThat(holed.expect(Frame.Gap.class).count()).isEqualTo(4);
      Frame.Message survivor = holed.expect(Frame.Message.class);
      assertThat(survivor.seq()).isEqualTo(1);
      assertThat(survivor.body().asText()).isEqualTo("m12");
      holed.close();
    }
  }

  @Test
  void whatIsDroppedWhileAwayIsAGapOfThatCountAndTheRestFollows() throws Exception {
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "flood")) {
      TestPeer b = connect("away", "client", null);
      String session = b.expect(Frame.Welcome.class).session();
      b.cut();
      awaitAway(a, "away");
      for (int i = 1; i <= 130; i++) {
        a.tell("away", "m" + i);
      }
      a.say(TestPeer.send("away", "last", "l", 1, Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Confirm.class).status()).isEqualTo(Confirmation.ACCEPTED);
      TestPeer again = connect("away", "client", new Frame.Resume(session, 0));
      assertThat(again.expect(Frame.Welcome.class).resumed()).isFalse();
      assertThat(again.expect(Frame.Gap.class).count()).isEqualTo(31);
      for (int i = 32; i <= 130; i++) {
        assertThat(again.expect(Frame.Message.class).body().asText()).isEqualTo("m" + i);
      }
      assertThat(again.expect(Frame.Message.class).body().asText()).isEqualTo("last");
      again.close();
    }
  }

  @Test
  void expiryIsNoGapAndIsToldToASenderThatAsked() throws Exception {
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "ttl-writer")) {
      TestPeer b = connect("ttl", "client", null);
      String session = b.expect(Frame.Welcome.class).session();
      b.cut();
      awaitAway(a, "ttl");
      a.say(TestPeer.send("ttl", "short", "t1", 1, Confirmation.DELIVERED, 50));
      a.say(TestPeer.send("ttl", "long", "t2", 2, Confirmation.NONE));
      Frame.Refuse expired = a.expect(Frame.Refuse.class);
      assertThat(expired.code()).isEqualTo(Refusal.EXPIRED.code());
      assertThat(expired.id()).isEqualTo("t1");
      TestPeer again = connect("ttl", "client", new Frame.Resume(session, 0));
      assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
      assertThat(again.expect(Frame.Message.class).body().asText()).isEqualTo("long");
      again.close();
    }
  }

  @Test
  void pastTheWindowTheSessionIsOverAndAResumeIsTold() throws Exception {
    try (TestHub brief = TestHub.start(Map.of("peerhub.session.resume-window", "200ms"));
        TestPeer a = TestPeer.live(brief.address(), Wire.JSON, "late-writer")) {
      TestPeer b = TestPeer.connect(brief.address(), Wire.BINARY);
      b.say(TestPeer.hello("late", "client", null));
      String session = b.expect(Frame.Welcome.class).session();
      b.cut();
      TestHub.eventually(() -> brief.live(Resource.SOCKET) == 1);
      a.say(TestPeer.send("late", "x", "x1", 1, Confirmation.DELIVERED));
      Frame.Refuse over = a.expect(Frame.Refuse.class);
      assertThat(over.code()).isEqualTo(Refusal.OFFLINE.code());
      TestPeer again = TestPeer.connect(brief.address(), Wire.BINARY);
      again.say(TestPeer.hello("late", "client", new Frame.Resume(session, 0)));
      assertThat(again.expect(Frame.Welcome.class).resumed()).isFalse();
      assertThat(again.expect(Frame.Gap.class).count()).as("nobody knows").isZero();
      again.close();
    }
  }

  @Test
  void aNewHelloTakesOverWhatWasNeverWritten() throws Exception {
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "fresh-writer")) {
      TestPeer b = connect("fresh", "client", null);
      String session = b.expect(Frame.Welcome.class).session();
      a.tell("fresh", "written");
      b.expect(Frame.Message.class);
      b.cut();
      awaitAway(a, "fresh");
      a.tell("fresh", "waiting");
      TestPeer again = connect("fresh", "client", null);
      Frame.Welcome welcome = again.expect(Frame.Welcome.class);
      assertThat(welcome.resumed()).isFalse();
      assertThat(welcome.session()).isNotEqualTo(session);
      Frame.Message message = again.expect(Frame.Message.class);
      assertThat(message.body().asText()).isEqualTo("waiting");
      assertThat(message.seq()).isEqualTo(1);
      again.close();
    }
  }

  @Test
  void afterByeThePeerIsOfflineAndNothingIsKept() throws Exception {
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "bye-writer")) {
      TestPeer b = connect("bye", "client", null);
      b.expect(Frame.Welcome.class);
      b.say(new Frame.Bye("done"));
      b.awaitEnd();
      TestHub.eventually(
          () -> {
            a.say(new Frame.Ask("bye", "", ""));
            return a.await(Frame.Presence.class).event().equals("offline");
          });
      a.say(TestPeer.send("bye", "x", "x", 1, Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OFFLINE.code());
    }
  }

  @Test
  void everySessionIsClosedInTheBooksInTheEnd() throws Exception {
    try (TestHub own = TestHub.start(Map.of("peerhub.session.resume-window", "200ms"))) {
      for (int i = 0; i < 20; i++) {
        TestPeer peer = TestPeer.live(own.address(), Wire.BINARY, "book-" + i);
        if (i % 2 == 0) {
          peer.say(new Frame.Bye(""));
          peer.awaitEnd();
        } else {
          peer.cut();
        }
      }
      TestHub.eventually(() -> own.live(Resource.SESSION) == 0 && own.live(Resource.SOCKET) == 0);
      assertThat(own.node().ledger().openedCount(Resource.SESSION)).isEqualTo(20);
      assertThat(own.node().meters().sum(Meter.SESSIONS_OPENED)).isEqualTo(20);
    }
  }
}
