package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Critical messages where sender, receiver and mailbox sit on one node or on two. */
class CriticalOnTwoNodesTest {
  /** Of eight identities the mailboxes are on both nodes, all but surely. */
  private static final int PAIRS = 8;

  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

  private static TestHub one;
  private static TestHub two;

  @BeforeAll
  static void start() throws Exception {
    one = TestHub.start();
    two = one.second(Map.of());
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  private static TestPeer peer(TestHub hub, String identity, Frame.Resume resume) throws Exception {
    TestPeer peer = TestPeer.connect(hub.address(), Wire.BINARY);
    peer.say(TestPeer.hello(identity, "client", resume));
    return peer;
  }

  private static Frame.Send critical(String to, String id, Body body) {
    return new Frame.Send(
        to, body, id, 0, DeliveryClass.CRITICAL, Confirmation.DELIVERED, 0, "", Map.of());
  }

  /** Acks of the hub come when they are on disk, in between. */
  private static <F extends Frame.FromHub> F next(TestPeer peer, Class<F> kind) throws Exception {
    Frame.FromHub frame = peer.next();
    while (frame instanceof Frame.Ack) {
      frame = peer.next();
    }
    return kind.cast(frame);
  }

  @Test
  void goFromNodeToNodeInOrderWhereverTheMailboxIs() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      String from = "from-" + pair + RUN;
      String to = "to-" + pair + RUN;
      try (TestPeer a = peer(one, from, null);
          TestPeer b = peer(two, to, null)) {
        a.expect(Frame.Welcome.class);
        b.expect(Frame.Welcome.class);
        for (int i = 0; i < 50; i++) {
          a.say(critical(to, "m-" + i, Body.text("text " + i)));
        }
        for (int i = 0; i < 50; i++) {
          Frame.Message message = next(b, Frame.Message.class);
          assertThat(message.id()).isEqualTo("m-" + i);
          assertThat(message.redelivered()).isFalse();
          b.say(new Frame.Ack(message.seq()));
        }
        int confirms = 0;
        int receipts = 0;
        while (confirms < 50 || receipts < 50) {
          switch (next(a, Frame.FromHub.class)) {
            case Frame.Confirm confirm -> assertThat(confirm.id()).isEqualTo("m-" + confirms++);
            case Frame.Receipt receipt -> {
              assertThat(receipt.id()).isEqualTo("m-" + receipts++);
              assertThat(receipt.status()).isEqualTo("delivered");
              a.say(new Frame.Ack(receipt.seq()));
            }
            case Frame.FromHub other -> throw new AssertionError(other);
          }
        }
      }
    }
  }

  @Test
  void messagesOfAlmostAMebibyteCrossToo() throws Exception {
    byte[] large = new byte[1_000_000];
    Arrays.fill(large, (byte) 7);
    for (int pair = 0; pair < PAIRS; pair++) {
      String to = "large-" + pair + RUN;
      try (TestPeer a = peer(one, "larger-" + pair + RUN, null);
          TestPeer b = peer(two, to, null)) {
        a.expect(Frame.Welcome.class);
        b.expect(Frame.Welcome.class);
        for (int i = 0; i < 3; i++) {
          a.say(critical(to, "l-" + i, Body.data(large)));
        }
        for (int i = 0; i < 3; i++) {
          Frame.Message message = next(b, Frame.Message.class);
          assertThat(message.id()).isEqualTo("l-" + i);
          assertThat(message.body()).isEqualTo(Body.data(large));
          b.say(new Frame.Ack(message.seq()));
        }
      }
    }
  }

  @Test
  void whatIsNotAcknowledgedFollowsItsReceiverToTheOtherNode() throws Exception {
    for (int pair = 0; pair < PAIRS; pair++) {
      String to = "roams-" + pair + RUN;
      try (TestPeer a = peer(one, "stays-" + pair + RUN, null)) {
        a.expect(Frame.Welcome.class);
        String session;
        try (TestPeer b = peer(one, to, null)) {
          session = b.expect(Frame.Welcome.class).session();
          for (int i = 0; i < 10; i++) {
            a.say(critical(to, "r-" + i, Body.text("x")));
          }
          for (int i = 0; i < 5; i++) {
            assertThat(next(b, Frame.Message.class).id()).isEqualTo("r-" + i);
          }
          b.say(new Frame.Ack(3));
        }
        try (TestPeer b = peer(two, to, new Frame.Resume(session, 3))) {
          assertThat(b.expect(Frame.Welcome.class).resumed()).isTrue();
          for (int i = 3; i < 10; i++) {
            Frame.Message message = next(b, Frame.Message.class);
            assertThat(message.id()).isEqualTo("r-" + i);
            assertThat(message.seq()).isEqualTo(i + 1);
            b.say(new Frame.Ack(message.seq()));
          }
        }
      }
    }
  }
}
