package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.Heap;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers that never read: bounded, then cut; who writes to them is told, the others never notice.
 */
class SlowPeerTest {
  private static final String KIBIBYTE = "x".repeat(1024);
  private static final int FLOOD = 2000;

  /** Messages that one of them may have, in the kernel and in the hub, of 1 KiB and their frame. */
  private static final int HELD_MAX = 700;

  /** Of twenty; past it and what else changes by itself, what was dropped would be held. */
  private static final long HEAP_MAX = 40L << 20;

  private static Siege siege;

  @BeforeAll
  static void begin() throws Exception {
    siege =
        Siege.begin(
            Map.of(
                "peerhub.connection.not-reading-timeout", "1s",
                "peerhub.connection.close-timeout", "1s",
                "peerhub.connection.waiting-bytes", "64 KiB",
                "peerhub.connection.send-buffer", "32 KiB",
                "peerhub.session.queue-max-bytes", "256 KiB"));
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  private static TestPeer deaf(Wire wire, String name) throws Exception {
    TestPeer peer = TestPeer.connectNarrow(siege.address(), wire);
    peer.say(TestPeer.hello(name, "auto", null));
    peer.expect(Frame.Welcome.class);
    peer.stopReading();
    return peer;
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aPeerThatNeverReadsIsCutAndEverySenderIsTold(Wire wire) throws Exception {
    String name = "deaf-" + wire;
    try (TestPeer deaf = deaf(wire, name);
        TestPeer writer = siege.peer(Wire.BINARY, "writer-" + wire)) {
      siege.counts(
          Refusal.NOT_READING,
          1,
          () -> {
            for (int n = 1; n <= FLOOD; n++) {
              writer.say(TestPeer.send(name, KIBIBYTE, "i" + n, n, Confirmation.ACCEPTED));
            }
            Map<Long, Integer> refusals = answers(writer);
            assertThat(refusals.values()).containsOnly(Refusal.DROPPED.code());
            assertThat(refusals).as("the oldest of what waits give way").isNotEmpty();
          });
      assertThat(siege.meters().sum(Meter.NOT_READING)).isPositive();
      deaf.goOnReading();
      deaf.awaitEnd();
      writer.say(new Frame.Bye(""));
    }
  }

  /** The refusals, once each send has been answered. */
  private static Map<Long, Integer> answers(TestPeer writer) throws Exception {
    Set<Long> answered = new HashSet<>();
    Map<Long, Integer> refusals = new HashMap<>();
    while (answered.size() < FLOOD) {
      switch (writer.next()) {
        case Frame.Confirm confirm -> answered.add(confirm.n());
        case Frame.Refuse refuse -> {
          answered.add(refuse.n());
          refusals.put(refuse.n(), refuse.code());
        }
        case Frame other -> throw new AssertionError("not asked for: " + other);
      }
    }
    return refusals;
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aPeerThatAsksAndNeverReadsTheAnswersIsCut(Wire wire) throws Exception {
    siege.counts(
        Refusal.NOT_READING,
        1,
        () -> {
          try (TestPeer deaf = deaf(wire, "asker-" + wire)) {
            assertThat(talkUntilCut(deaf)).isTrue();
          }
        });
  }

  private static boolean talkUntilCut(TestPeer deaf) {
    byte[] pings = new byte[0];
    for (int i = 0; i < 100; i++) {
      pings = Protobuf.joined(pings, deaf.wire().delimited(new Frame.Ping(i, Map.of())));
    }
    try {
      // Blocks once the hub does not read any more, and fails when it has cut.
      for (int i = 0; i < 100_000; i++) {
        deaf.raw(pings);
      }
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  @Test
  void manyOfThemHoldLittle() throws Exception {
    long before = Heap.used();
    long dropped = siege.meters().sum(Drop.QUEUE_FULL);
    long sockets = siege.hub().live(Resource.SOCKET);
    List<TestPeer> deaf = new ArrayList<>();
    try (TestPeer writer = siege.peer(Wire.BINARY, "crowd-writer")) {
      for (int i = 0; i < 20; i++) {
        deaf.add(deaf(Wire.values()[i % Wire.values().length], "crowd-" + i));
        for (int n = 0; n < 3000; n++) {
          writer.tell("crowd-" + i, KIBIBYTE);
        }
      }
      TestHub.eventually(
          () -> siege.meters().sum(Drop.QUEUE_FULL) - dropped >= 20 * (3000 - HELD_MAX));
      assertThat(Heap.used() - before).as("of 60 MiB").isLessThan(HEAP_MAX);
      writer.say(new Frame.Bye(""));
    } finally {
      for (TestPeer peer : deaf) {
        peer.cut();
      }
    }
    // None of them is cut any more while another test counts.
    TestHub.eventually(() -> siege.hub().live(Resource.SOCKET) <= sockets);
  }
}
