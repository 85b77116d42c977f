package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many peers with full queues that move at once, as they do when a node drains. */
class MassMoveTest {
  private static final int RECEIVERS = 20;
  private static final int MESSAGES = 1900;
  private static final String TEXT = "x".repeat(4000);

  /** Nothing ends by its time here: whatever is missing was lost on the way. */
  private static final Map<String, Object> PATIENT =
      Map.of(
          "peerhub.session.live-ttl", "1h",
          "peerhub.session.resume-window", "1h",
          "peerhub.session.hand-over-timeout", "30s");

  private static TestHub first;
  private static TestHub second;

  @BeforeAll
  static void start() throws Exception {
    first = TestHub.start(PATIENT);
    second = first.second(PATIENT);
    TestHub.awaitUp(first, second);
  }

  @AfterAll
  static void stop() {
    second.close();
    first.close();
  }

  @Test
  void fullQueuesThatMoveAtOnceAreAllWhole() throws Exception {
    Map<String, String> sessions = new HashMap<>();
    for (int i = 0; i < RECEIVERS; i++) {
      TestPeer away = TestPeer.connect(first.address(), Wire.BINARY);
      away.say(TestPeer.hello("mover-" + i, "client", null));
      sessions.put("mover-" + i, away.expect(Frame.Welcome.class).session());
      away.cut();
    }
    try (TestPeer sender = TestPeer.live(first.address(), Wire.BINARY, "sender");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fill(sender, sessions.keySet().stream().sorted().toList());
      List<Future<?>> resumed = new ArrayList<>();
      sessions.forEach(
          (peer, session) -> resumed.add(threads.submit(() -> resumesWhole(peer, session))));
      for (Future<?> one : resumed) {
        one.get();
      }
      for (int outcome = 0; outcome < RECEIVERS * (MESSAGES - 1); outcome++) {
        assertThat(sender.expect(Frame.Confirm.class).status()).isEqualTo(Confirmation.DELIVERED);
      }
    }
    assertThat(first.node().meters().sum(Meter.LINKS_FAILED)).isZero();
  }

  /** The last message to each is confirmed once it is queued: by then all before it are. */
  private static void fill(TestPeer sender, List<String> peers) throws Exception {
    long n = 0;
    for (int i = 1; i <= MESSAGES; i++) {
      Confirmation confirm = i == MESSAGES ? Confirmation.ACCEPTED : Confirmation.DELIVERED;
      for (String peer : peers) {
        sender.say(TestPeer.send(peer, i + TEXT, "", ++n, confirm));
      }
    }
    for (int i = 0; i < peers.size(); i++) {
      assertThat(sender.expect(Frame.Confirm.class).status()).isEqualTo(Confirmation.ACCEPTED);
    }
  }

  private static Void resumesWhole(String peer, String session) throws Exception {
    try (TestPeer back = TestPeer.connect(second.address(), Wire.BINARY)) {
      back.say(TestPeer.hello(peer, "client", new Frame.Resume(session, 0)));
      assertThat(back.expect(Frame.Welcome.class).resumed()).as(peer).isTrue();
      for (int i = 1; i <= MESSAGES; i++) {
        Frame.Message message = back.expect(Frame.Message.class);
        assertThat(message.body().asText()).as("%s: message %d", peer, i).isEqualTo(i + TEXT);
        if (i % 100 == 0) {
          back.say(new Frame.Ack(i));
        }
      }
      back.say(new Frame.Ack(MESSAGES));
      back.say(new Frame.Bye(""));
      back.awaitEnd();
    }
    return null;
  }
}
