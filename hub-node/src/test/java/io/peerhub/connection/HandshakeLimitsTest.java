package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.protocol.Refusal;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody can do who has not proven anything yet: little, and not for long. */
class HandshakeLimitsTest {
  /** Claims a frame of 2^31-1 bytes. */
  private static final byte[] CLAIM = {'P', 'H', 'B', '1', -1, -1, -1, -1, 7};

  private static final TestPort.Script SILENT = (outlet, input) -> {};
  private static TestLoops loops;
  private TestPort port;

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

  @Test
  void whatIsNoWireIsAnsweredWithOneLineAndClosed() throws Exception {
    port = loops.port(SILENT);
    for (String opening : List.of("SSH-2.0-x\r\n", "\u00ff", "PHB2", "POST / HTTP/1.1\r\n", "\0")) {
      try (TestPeer peer = new TestPeer(port)) {
        peer.send(opening.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(peer.rest())
            .isEqualTo("{\"error\":{\"code\":1001,\"reason\":\"no known wire\"}}\n");
      }
    }
    assertThat(port.outlets).isEmpty();
  }

  @Test
  void tlsThatIsNotConfiguredIsNoWire() throws Exception {
    port = loops.port(SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(new byte[] {0x16, 0x03, 0x01, 0, 5, 1, 2, 3, 4, 5});
      assertThat(peer.rest()).contains("1001");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"hel", "PH", "PHB1", "GET /ws HTTP/1.1\r\nHost: x\r\n"})
  void aHandshakeThatDribblesEndsAtItsDeadline(String opening) throws Exception {
    port =
        loops.port(
            settings -> {
              settings.handshake = Duration.ofMillis(700);
              return settings;
            },
            SILENT);
    long start = System.nanoTime();
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(opening);
      String answer = peer.rest();
      if (!opening.startsWith("GET")) {
        assertThat(answer).contains(opening.equals("PHB1") ? "took too long" : "2003");
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(ms(600), ms(3000));
  }

  @Test
  void noByteMovesTheDeadline() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.handshake = Duration.ofMillis(700);
              return settings;
            },
            SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send("{");
      await()
          .atMost(Duration.ofSeconds(3))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                peer.send(" ");
                return peer.socket.getInputStream().available() > 0;
              });
      assertThat(peer.line()).contains("2003");
    }
  }

  @Test
  void theDeadlineHoldsUntilTheSessionAdmits() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.handshake = Duration.ofMillis(500);
              return settings;
            },
            SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      assertThat(peer.rest()).contains("2003");
    }
    assertThat(port.next()).isInstanceOf(Session.Received.class);
    assertThat(port.next()).isEqualTo(new Session.Closed(Refusal.HANDSHAKE_TIMEOUT.reason()));
  }

  @Test
  void lengthsBeyondTheLimitAreRefusedBeforeAnySessionIsMade() throws Exception {
    port = loops.port(SILENT);
    byte[][] claims = {
      CLAIM,
      {'P', 'H', 'B', '1', -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
      {'P', 'H', 'B', '1', (byte) 0x81, (byte) 0x40}
    };
    for (byte[] claim : claims) {
      try (TestPeer peer = new TestPeer(port)) {
        assertThat(peer.send(claim).rest()).contains("more than 8192 bytes");
      }
    }
    assertThat(port.outlets).isEmpty();
  }

  @Test
  void aLineWithoutEndIsRefusedAtTheLimit() throws Exception {
    port = loops.port(SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send("{" + "x".repeat(9000));
      assertThat(peer.rest()).contains("1002");
    }
    assertThat(port.outlets).isEmpty();
  }

  @Test
  void aFirstFrameThatIsNoneIsAnsweredWithoutASession() throws Exception {
    port = loops.port(SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      assertThat(peer.send("{\"fly\":{}}\n").rest()).contains("1003");
    }
    assertThat(port.outlets).isEmpty();
  }

  @Test
  void aThousandClaimsOfTwoGigabytesCostNothing() throws Exception {
    port = loops.port(SILENT);
    long before = heap();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        Socket socket = new Socket(port.address().getAddress(), port.address().getPort());
        sockets.add(socket);
        socket.getOutputStream().write(CLAIM);
      }
      assertThat(heap() - before).isLessThan(16 << 20);
      await().until(() -> port.meters.sum(Refusal.FRAME_TOO_LARGE) == 1000);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void inputBeyondTheLimitWaitsInTheKernelUntilThePeerIsAdmitted() throws Exception {
    port = loops.port(SILENT);
    String ping = "{\"ping\":{\"t\":1}}\n";
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + ping.repeat(2000));
      int early = port.frames().size();
      assertThat(early).isLessThan(8192 / ping.length() + 10);
      assertThat(port.heard.poll(200, java.util.concurrent.TimeUnit.MILLISECONDS)).isNull();
      io.peerhub.session.Outlet outlet = port.outlets.take();
      TestPort.on(outlet, () -> outlet.admit(1 << 20));
      int late = 0;
      while (early + late < 2001) {
        late += port.frames().size();
      }
      assertThat(early + late).isEqualTo(2001);
    }
  }

  @Test
  void anAnswerBeforeAdmissionMakesRoomForTheProof() throws Exception {
    port = loops.port(SILENT);
    String ping = "{\"ping\":{\"t\":1}}\n";
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + ping.repeat(600));
      int early = port.frames().size();
      io.peerhub.session.Outlet outlet = port.outlets.take();
      TestPort.on(outlet, () -> outlet.send(new io.peerhub.protocol.Frame.Challenge("00", "node")));
      assertThat(peer.line()).contains("challenge");
      assertThat(early + port.frames().size()).isEqualTo(601);
    }
  }

  @Test
  void theNodesRoomForUnauthenticatedInputIsLimited() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.unauthenticated = 10_000;
              return settings;
            },
            SILENT);
    try (TestPeer first = new TestPeer(port);
        TestPeer second = new TestPeer(port)) {
      first.send("{" + "x".repeat(6000));
      await().until(() -> port.meters.sum(io.peerhub.telemetry.Meters.Meter.BYTES_IN) == 6001);
      assertThat(second.send("{" + "x".repeat(6000)).rest()).contains("4002");
      first.send("\n");
      assertThat(first.rest()).contains("1005");
    }
  }

  @Test
  void connectionsBeyondTheLimitAreToldSoInTheirWire() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.maxConnections = 2;
              return settings;
            },
            TestPort.ECHO);
    try (TestPeer first = new TestPeer(port);
        TestPeer second = new TestPeer(port)) {
      first.send(TestPeer.HELLO);
      port.next();
      second.send(TestPeer.HELLO);
      port.next();
      try (TestPeer third = new TestPeer(port)) {
        assertThat(third.send(TestPeer.HELLO).rest()).contains("4002");
      }
      assertThat(first.send("{\"ping\":{\"t\":1}}\n").line()).contains("pong");
    }
  }

  @Test
  void connectionsComeNoFasterThanTheRate() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.rate = 100;
              settings.burst = 1;
              return settings;
            },
            SILENT);
    List<Socket> sockets = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      sockets.add(new Socket(port.address().getAddress(), port.address().getPort()));
    }
    await().until(() -> port.ledger.openedCount(Resource.SOCKET) == 100);
    // An accept may take a batch at once, so not the whole second.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(ms(600));
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static Duration ms(long ms) {
    return Duration.ofMillis(ms);
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
