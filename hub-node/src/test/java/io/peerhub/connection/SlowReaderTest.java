package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A peer that does not read, or slowly: bounded, paused, and cut in the end. */
class SlowReaderTest {
  private static final int MAX = 1 << 18;
  private static TestLoops loops;
  private TestPort port;

  /** Admits, and from then on says as much as the outlet lets it. */
  private final AtomicInteger saidCount = new AtomicInteger();

  private final TestPort.Script talker =
      (outlet, input) -> {
        if (input instanceof Session.Received || input instanceof Session.Writable) {
          outlet.admit(1 << 20);
          while (outlet.writable() && saidCount.get() < 40_000) {
            outlet.send(message());
            saidCount.incrementAndGet();
          }
        }
      };

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @AfterEach
  void everySocketIsAccountedFor() {
    port.close();
    await().untilAsserted(() -> assertThat(port.ledger.live(Resource.SOCKET)).isZero());
  }

  private static Frame.Message message() {
    return new Frame.Message(
        1,
        "bob",
        Body.text("x".repeat(1000)),
        "",
        "",
        DeliveryClass.LIVE,
        "",
        0,
        0,
        false,
        0,
        Map.of());
  }

  private TestPort port(Duration notReading, TestPort.Script script) {
    return loops.port(
        settings -> {
          settings.waiting = MAX;
          settings.notReading = notReading;
          return settings;
        },
        script);
  }

  @Test
  void whatWaitsIsBoundedAndTheSessionIsToldWhenThereIsRoomAgain() throws Exception {
    port = port(TestSettings.NEVER, talker);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      Outlet outlet = port.outlet();
      await().until(() -> refused(outlet));
      assertThat(waiting(outlet)).isLessThan(2 * MAX);
      for (int i = 0; i < 40_000; i++) {
        assertThat(peer.line()).startsWith("{\"message\":");
      }
      assertThat(port.heard).anyMatch(Session.Writable.class::isInstance);
    }
  }

  /** It has sent before it begins to read, and is heard after it has made room. */
  @Test
  void aPeerThatDoesNotReadIsNotReadEither() throws Exception {
    port = port(TestSettings.NEVER, talker);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      Outlet outlet = port.outlet();
      await().until(() -> refused(outlet));
      port.heard.clear();
      peer.send("{\"ping\":{\"t\":1}}\n");
      loops.settle();
      Thread reader = Thread.ofVirtual().start(() -> drain(peer));
      assertThat(port.next()).isEqualTo(new Session.Writable());
      Session.Command next = port.next();
      while (next instanceof Session.Writable) {
        next = port.next();
      }
      assertThat(next).isEqualTo(new Session.Received(List.of(new Frame.Ping(1, Map.of()))));
      peer.socket.close();
      assertThat(reader.join(PATIENCE)).isTrue();
    }
  }

  /** That a peer which reads slowly is left alone is told by {@link StallTest}. */
  @Test
  void aPeerThatNeverReadsIsCut() throws Exception {
    port = port(Duration.ofMillis(1), talker);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      await().until(() -> port.meters.sum(Meter.NOT_READING) == 1);
      await().until(() -> port.heard.contains(new Session.Closed("does not read")));
    }
  }

  @Test
  void aNodesRoomForAllThatWaitsMakesEveryShareSmaller() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.waiting = MAX;
              settings.nodeWaiting = MAX;
              return settings;
            },
            talker);
    try (TestPeer first = new TestPeer(port);
        TestPeer second = new TestPeer(port)) {
      first.send(TestPeer.HELLO);
      Outlet outlet = port.outlet();
      await().until(() -> refused(outlet));
      second.send(TestPeer.HELLO);
      Outlet other = port.outlet();
      await().until(() -> refused(other));
      assertThat(waiting(other)).isLessThan(MAX / 4);
    }
  }

  /** The peer stays as it is: that the socket ends is the hub's doing. */
  @Test
  void closingDoesNotWaitForAPeerThatDoesNotRead() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.waiting = MAX;
              settings.close = Duration.ofMillis(1);
              return settings;
            },
            talker);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      Outlet outlet = port.outlet();
      await().until(() -> refused(outlet));
      TestPort.on(outlet, outlet::close);
      await().until(() -> port.ledger.live(Resource.SOCKET) == 0);
    }
  }

  @Test
  void aSessionThatPausesIsToldNothingUntilItResumes() throws Exception {
    port =
        loops.port(
            (outlet, input) -> {
              outlet.admit(1 << 20);
              outlet.pause();
            });
    try (TestPeer peer = new TestPeer(port);
        TestPeer other = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      port.next();
      Outlet outlet = port.outlet();
      peer.send("{\"ping\":{\"t\":1}}\n");
      // Sent later, and heard first.
      other.send(TestPeer.HELLO);
      assertThat(port.frames(1)).hasOnlyElementsOfType(Frame.Hello.class);
      loops.settle();
      assertThat(port.heard).isEmpty();
      TestPort.on(outlet, outlet::resume);
      assertThat(port.frames()).containsExactly(new Frame.Ping(1, Map.of()));
    }
  }

  private static boolean refused(Outlet outlet) {
    AtomicBoolean writable = new AtomicBoolean();
    TestPort.on(outlet, () -> writable.set(outlet.writable()));
    return !writable.get();
  }

  private static long waiting(Outlet outlet) {
    AtomicInteger waiting = new AtomicInteger();
    TestPort.on(outlet, () -> waiting.set((int) ((Connection) outlet).outflow().waiting()));
    return waiting.get();
  }

  private static void drain(TestPeer peer) {
    try {
      peer.rest();
    } catch (java.io.IOException e) {
      // The test closes the socket to end this.
    }
  }
}
