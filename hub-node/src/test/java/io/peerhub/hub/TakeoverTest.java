package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two connections, one identity: exactly one is live, the other one is told why. */
class TakeoverTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start(Map.of("peerhub.connection.loops", 2));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void theNewerConnectionWinsAndTheOlderIsTold() throws Exception {
    TestPeer older = TestPeer.live(hub.address(), Wire.JSON, "twin");
    TestPeer newer = TestPeer.connect(hub.address(), Wire.BINARY);
    newer.say(TestPeer.hello("twin", "auto", null));
    newer.expect(Frame.Welcome.class);
    assertThat(older.expect(Frame.Error.class).code()).isEqualTo(Refusal.TAKEN_OVER.code());
    older.awaitEnd();
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "twin-writer")) {
      a.tell("twin", "hi");
      assertThat(newer.expect(Frame.Message.class).body().asText()).isEqualTo("hi");
    }
    newer.close();
  }

  @Test
  void whereDuplicatesAreRefusedTheOlderStaysUnlessItIsAway() throws Exception {
    try (TestHub strict = TestHub.start(Map.of("peerhub.peer.on-duplicate", "refuse"))) {
      TestPeer older = TestPeer.connect(strict.address(), Wire.JSON);
      older.say(TestPeer.hello("only", "client", null));
      String session = older.expect(Frame.Welcome.class).session();
      TestPeer newer = TestPeer.connect(strict.address(), Wire.JSON);
      newer.say(TestPeer.hello("only", "client", null));
      assertThat(newer.expect(Frame.Error.class).code())
          .isEqualTo(Refusal.ALREADY_CONNECTED.code());
      newer.awaitEnd();
      older.say(new Frame.Ping(1, Map.of()));
      older.expect(Frame.Pong.class);
      TestPeer resumed = TestPeer.connect(strict.address(), Wire.JSON);
      resumed.say(TestPeer.hello("only", "client", new Frame.Resume(session, 0)));
      assertThat(resumed.expect(Frame.Welcome.class).resumed())
          .as("a resume of one's own session is no duplicate")
          .isTrue();
      resumed.close();
    }
  }

  @Test
  void anUnauthenticatedConnectionDisturbsNobody() throws Exception {
    try (TestPeer live = TestPeer.live(hub.address(), Wire.JSON, "calm")) {
      for (int i = 0; i < 20; i++) {
        TestPeer stranger = TestPeer.connect(hub.address(), Wire.JSON);
        stranger.say(
            new Frame.Hello(
                1,
                "calm",
                "password",
                "",
                java.util.Optional.empty(),
                "auto",
                0,
                0,
                List.of(),
                "",
                Map.of()));
        assertThat(stranger.expect(Frame.Error.class).code())
            .isEqualTo(Refusal.METHOD_NOT_OFFERED.code());
        stranger.close();
      }
      live.say(new Frame.Ping(1, Map.of()));
      live.expect(Frame.Pong.class);
    }
  }

  @Test
  void aThousandTakeoversInARaceLeaveOneWithRisingEpochsAndLoseNoOrder() throws Exception {
    int rounds = 250;
    int racers = 4;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TestPeer writer = TestPeer.live(hub.address(), Wire.BINARY, "race-writer")) {
      Future<?> writing =
          threads.submit(
              () -> {
                for (int n = 1; n <= 5000; n++) {
                  writer.say(TestPeer.send("race", "m" + n, "", n, Confirmation.NONE));
                }
                return null;
              });
      Set<Long> epochs = new HashSet<>();
      List<Future<Long>> results = new ArrayList<>();
      for (int racer = 0; racer < racers; racer++) {
        results.add(threads.submit(() -> race(rounds, epochs)));
      }
      for (Future<Long> result : results) {
        result.get();
      }
      writing.get();
      assertThat(epochs).as("every welcome has an epoch of its own").hasSize(rounds * racers);
    }
    TestPeer last = TestPeer.live(hub.address(), Wire.BINARY, "race");
    try (TestPeer a = TestPeer.live(hub.address(), Wire.JSON, "race-asker")) {
      a.tell("race", "the end");
      Frame.Message message = last.await(Frame.Message.class);
      while (!message.body().asText().equals("the end")) {
        message = last.await(Frame.Message.class);
      }
    }
    last.close();
  }

  private static Long race(int rounds, Set<Long> epochs) throws Exception {
    long highest = 0;
    for (int round = 0; round < rounds; round++) {
      try (TestPeer peer = TestPeer.connect(hub.address(), Wire.BINARY)) {
        peer.say(TestPeer.hello("race", "auto", null));
        Frame.Welcome welcome = peer.expect(Frame.Welcome.class);
        assertThat(welcome.epoch()).isGreaterThan(highest);
        highest = welcome.epoch();
        synchronized (epochs) {
          epochs.add(highest);
        }
        int before = 0;
        while (peer.unread() > 0) {
          if (peer.next() instanceof Frame.Message message) {
            int number = Integer.parseInt(message.body().asText().substring(1));
            assertThat(number).isGreaterThan(before);
            before = number;
          }
        }
      }
    }
    return highest;
  }
}
