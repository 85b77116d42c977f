package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What guarantees.md says of critical messages, through real sockets and a real journal. */
class CriticalMessagesTest {
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final String alice = "alice-" + run;
  private final String bob = "bob-" + run;

  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub =
        TestHub.start(
            Map.of(
                "peerhub.mailbox.requeue-first", "50ms",
                "peerhub.mailbox.sleep-after", "300ms",
                "peerhub.mailbox.round-every", "100ms"));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private TestPeer peer(String identity) throws Exception {
    return peer(Wire.JSON, identity, null);
  }

  private TestPeer peer(Wire wire, String identity, Frame.Resume resume) throws Exception {
    return peer(hub, wire, identity, resume);
  }

  private static TestPeer peer(TestHub hub, Wire wire, String identity, Frame.Resume resume)
      throws Exception {
    TestPeer peer = TestPeer.connect(hub.address(), wire);
    peer.say(TestPeer.hello(identity, "client", resume));
    return peer;
  }

  private static Frame.Send critical(String to, String id, String text, Confirmation confirm) {
    return critical(to, id, text, confirm, 0);
  }

  private static Frame.Send critical(
      String to, String id, String text, Confirmation confirm, int ttlMs) {
    return new Frame.Send(
        to, Body.text(text), id, 0, DeliveryClass.CRITICAL, confirm, ttlMs, "", Map.of());
  }

  /** Acks that are on disk are told in between, when they are. */
  private static Frame.Message nextMessage(TestPeer peer) throws Exception {
    Frame.FromHub frame = peer.next();
    while (frame instanceof Frame.Ack) {
      frame = peer.next();
    }
    return (Frame.Message) frame;
  }

  private static void restart() throws Exception {
    hub.close();
    start();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void isConfirmedDeliveredAndAcknowledgedForGood(Wire wire) throws Exception {
    try (TestPeer a = peer(wire, alice + wire, null);
        TestPeer b = peer(wire, bob + wire, null)) {
      a.expect(Frame.Welcome.class);
      b.expect(Frame.Welcome.class);
      a.say(critical(bob + wire, "m-1", "hello", Confirmation.DELIVERED));
      Frame.Confirm confirm = a.expect(Frame.Confirm.class);
      assertThat(confirm).isEqualTo(new Frame.Confirm("m-1", 0, Confirmation.ACCEPTED, false));
      Frame.Message message = b.expect(Frame.Message.class);
      assertThat(message.id()).isEqualTo("m-1");
      assertThat(message.from()).isEqualTo(alice + wire);
      assertThat(message.body()).isEqualTo(Body.text("hello"));
      assertThat(message.delivery()).isEqualTo(DeliveryClass.CRITICAL);
      assertThat(message.redelivered()).isFalse();
      assertThat(message.attempt()).isEqualTo(1);
      b.say(new Frame.Ack(message.seq()));
      assertThat(b.expect(Frame.Ack.class).seq()).isEqualTo(message.seq());
      Frame.Receipt receipt = a.expect(Frame.Receipt.class);
      assertThat(receipt)
          .isEqualTo(new Frame.Receipt("m-1", bob + wire, "delivered", 1, "", receipt.seq()));
      a.say(new Frame.Ack(receipt.seq()));
      assertThat(a.expect(Frame.Ack.class).seq()).isEqualTo(receipt.seq());
    }
  }

  @Test
  void waitsForWhoHasNeverCome() throws Exception {
    try (TestPeer a = peer(alice)) {
      a.expect(Frame.Welcome.class);
      for (int i = 0; i < 500; i++) {
        a.say(critical(bob, "m-" + i, "text " + i, Confirmation.ACCEPTED));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(a.expect(Frame.Confirm.class).id()).isEqualTo("m-" + i);
      }
    }
    try (TestPeer b = peer(bob)) {
      b.expect(Frame.Welcome.class);
      for (int i = 0; i < 500; i++) {
        Frame.Message message = nextMessage(b);
        assertThat(message.id()).isEqualTo("m-" + i);
        b.say(new Frame.Ack(message.seq()));
      }
    }
  }

  @Test
  void whatWasAcceptedOutlivesTheNodeAndIsFlagged() throws Exception {
    try (TestPeer a = peer(alice);
        TestPeer b = peer(bob)) {
      a.expect(Frame.Welcome.class);
      b.expect(Frame.Welcome.class);
      a.say(critical(bob, "kept", "1", Confirmation.ACCEPTED));
      a.expect(Frame.Confirm.class);
      assertThat(b.expect(Frame.Message.class).redelivered()).isFalse();
    }
    restart();
    try (TestPeer b = peer(bob)) {
      b.expect(Frame.Welcome.class);
      Frame.Message again = b.expect(Frame.Message.class);
      assertThat(again.id()).isEqualTo("kept");
      assertThat(again.redelivered()).isTrue();
      b.say(new Frame.Ack(again.seq()));
      assertThat(b.expect(Frame.Ack.class).seq()).isEqualTo(again.seq());
    }
    restart();
    try (TestPeer a = peer(alice);
        TestPeer b = peer(bob)) {
      a.expect(Frame.Welcome.class);
      b.expect(Frame.Welcome.class);
      a.say(critical(bob, "next", "2", Confirmation.NONE));
      assertThat(b.expect(Frame.Message.class).id()).isEqualTo("next");
    }
  }

  @Test
  void theSameAgainHasOneEffectAndOtherContentIsRefused() throws Exception {
    try (TestPeer a = peer(alice);
        TestPeer b = peer(bob)) {
      a.expect(Frame.Welcome.class);
      b.expect(Frame.Welcome.class);
      a.say(critical(bob, "once", "1", Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Confirm.class).duplicate()).isFalse();
      a.say(critical(bob, "once", "1", Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Confirm.class).duplicate()).isTrue();
      a.say(critical(bob, "once", "other", Confirmation.ACCEPTED));
      assertThat(a.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.ID_CONFLICT.code());
      a.say(critical(bob, "last", "1", Confirmation.ACCEPTED));
      a.expect(Frame.Confirm.class);
      List<String> ids = new ArrayList<>();
      ids.add(b.expect(Frame.Message.class).id());
      ids.add(b.expect(Frame.Message.class).id());
      assertThat(ids).containsExactly("once", "last");
    }
  }

  @Test
  void aCutConnectionRepeatsUnderTheSameNumberWhatWasNotAcknowledged() throws Exception {
    try (TestPeer a = peer(alice)) {
      a.expect(Frame.Welcome.class);
      String session;
      try (TestPeer b = peer(bob)) {
        session = b.expect(Frame.Welcome.class).session();
        a.say(critical(bob, "one", "1", Confirmation.NONE));
        a.say(critical(bob, "two", "2", Confirmation.NONE));
        assertThat(b.expect(Frame.Message.class).seq()).isEqualTo(1);
        assertThat(b.expect(Frame.Message.class).seq()).isEqualTo(2);
      }
      try (TestPeer b = peer(Wire.BINARY, bob, new Frame.Resume(session, 0))) {
        assertThat(b.expect(Frame.Welcome.class).resumed()).isTrue();
        Frame.Message one = b.expect(Frame.Message.class);
        Frame.Message two = b.expect(Frame.Message.class);
        assertThat(List.of(one.id(), two.id())).containsExactly("one", "two");
        assertThat(List.of(one.seq(), two.seq())).containsExactly(1L, 2L);
        assertThat(one.redelivered()).isTrue();
        assertThat(one.attempt()).isEqualTo(2);
        assertThat(two.attempt()).isEqualTo(1);
        b.say(new Frame.Ack(2));
        assertThat(b.expect(Frame.Ack.class).seq()).isEqualTo(2);
        a.say(critical(bob, "three", "3", Confirmation.NONE));
        assertThat(b.expect(Frame.Message.class).id()).isEqualTo("three");
      }
    }
  }

  /** The older session is still there then, and has had the attention of the mailbox. */
  @Test
  void whatComesBehindAResumeReachesTheNewSessionAtOnce() throws Exception {
    try (TestHub lingering = TestHub.start(Map.of("peerhub.session.linger-after-move", "10m"));
        TestPeer a = peer(lingering, Wire.JSON, alice, null);
        TestPeer b = peer(lingering, Wire.JSON, bob, null)) {
      a.expect(Frame.Welcome.class);
      String session = b.expect(Frame.Welcome.class).session();
      a.say(critical(bob, "one", "1", Confirmation.NONE));
      b.say(new Frame.Ack(b.expect(Frame.Message.class).seq()));
      b.expect(Frame.Ack.class);
      try (TestPeer again = peer(lingering, Wire.JSON, bob, new Frame.Resume(session, 1))) {
        assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
        a.say(critical(bob, "two", "2", Confirmation.NONE));
        assertThat(again.expect(Frame.Message.class).redelivered()).isFalse();
      }
    }
  }

  @Test
  void aRejectedOneComesAgainAndThenIsDead() throws Exception {
    try (TestPeer a = peer(alice);
        TestPeer b = peer(bob)) {
      a.expect(Frame.Welcome.class);
      b.expect(Frame.Welcome.class);
      a.say(critical(bob, "poison", "1", Confirmation.NONE));
      Frame.Message first = b.expect(Frame.Message.class);
      b.say(new Frame.Reject(first.seq(), "not now", true));
      Frame.Message second = b.expect(Frame.Message.class);
      assertThat(second.id()).isEqualTo("poison");
      assertThat(second.seq()).isGreaterThan(first.seq());
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.redelivered()).isTrue();
      b.say(new Frame.Reject(second.seq(), "never", false));
      Frame.Receipt receipt = a.expect(Frame.Receipt.class);
      assertThat(receipt.status()).isEqualTo("rejected");
      assertThat(receipt.reason()).isEqualTo("never");
    }
  }

  /** Neither of them, nor the mailbox: it has gone to sleep, and is woken to say so. */
  @Test
  void expiresWhileNobodyIsThereAndTheSenderIsToldWhenItComes() throws Exception {
    try (TestPeer a = peer(alice)) {
      a.expect(Frame.Welcome.class);
      a.say(critical(bob, "short", "1", Confirmation.ACCEPTED, 3_000));
      a.expect(Frame.Confirm.class);
      a.say(new Frame.Bye(""));
    }
    TestHub.eventually(() -> hub.live(Resource.MAILBOX) == 0);
    try (TestPeer a = peer(alice)) {
      a.expect(Frame.Welcome.class);
      Frame.Receipt receipt = a.expect(Frame.Receipt.class);
      assertThat(receipt.id()).isEqualTo("short");
      assertThat(receipt.status()).isEqualTo("expired");
    }
  }

  @Test
  void liveAndCriticalMessagesShareNumbersAndWindow() throws Exception {
    try (TestPeer a = peer(alice);
        TestPeer b = TestPeer.connect(hub.address(), Wire.JSON)) {
      a.expect(Frame.Welcome.class);
      b.say(TestPeer.hello(bob, "client", null, 2, 0));
      b.expect(Frame.Welcome.class);
      for (int i = 1; i <= 4; i++) {
        a.say(critical(bob, "c-" + i, "c", Confirmation.ACCEPTED));
        a.expect(Frame.Confirm.class);
        a.say(TestPeer.send(bob, "l", "l-" + i, 0, Confirmation.NONE));
      }
      List<String> ids = new ArrayList<>();
      for (int seq = 1; seq <= 8; seq++) {
        Frame.Message message = nextMessage(b);
        assertThat(message.seq()).isEqualTo(seq);
        ids.add(message.id());
        b.say(new Frame.Ack(seq));
      }
      assertThat(ids.stream().filter(id -> id.startsWith("c")))
          .containsExactly("c-1", "c-2", "c-3", "c-4");
      assertThat(ids.stream().filter(id -> id.startsWith("l")))
          .containsExactly("l-1", "l-2", "l-3", "l-4");
    }
  }
}
