package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.Heap;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
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

  private static final String PING = "{\"ping\":{\"t\":1}}\n";

  /** Of input before a peer is admitted, in bytes. */
  private static final int LIMIT = 8192;

  /** More than a peer can send byte by byte before any deadline here. */
  private static final int ENDLESS = 16 << 20;

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
  void aHandshakeThatStopsEndsAtItsDeadline(String opening) throws Exception {
    port = impatient();
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(opening);
      String answer = peer.rest();
      if (!opening.startsWith("GET")) {
        assertThat(answer).contains(opening.equals("PHB1") ? "took too long" : "2003");
      }
    }
    assertThat(port.meters.sum(Refusal.HANDSHAKE_TIMEOUT)).isEqualTo(1);
  }

  /** A port at which the deadline passes, whatever else happens. */
  private static TestPort impatient() {
    return loops.port(
        settings -> {
          settings.handshake = Duration.ofMillis(500);
          settings.handshakeBytes = ENDLESS;
          return settings;
        },
        SILENT);
  }

  /** Byte after byte until the hub has enough: that it is not of the bytes is in its answer. */
  @Test
  void noByteMovesTheDeadline() throws Exception {
    port = impatient();
    try (TestPeer peer = new TestPeer(port)) {
      peer.send("{");
      while (peer.socket.getInputStream().available() == 0) {
        peer.send(" ");
      }
      assertThat(peer.line()).contains("2003");
    }
  }

  @Test
  void theDeadlineHoldsUntilTheSessionAdmits() throws Exception {
    port = impatient();
    // Where the machine is so slow that the deadline comes before the hello is read, once more.
    await().until(() -> greetsUntilItEnds() && !port.heard.isEmpty());
    assertThat(port.next()).isInstanceOf(Session.Received.class);
    assertThat(port.next()).isEqualTo(new Session.Closed(Refusal.HANDSHAKE_TIMEOUT.reason()));
  }

  private boolean greetsUntilItEnds() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      return peer.rest().contains("2003");
    }
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

  /** A heap is never the same twice: what is held for each claim would be far more. */
  @Test
  void aThousandClaimsOfTwoGigabytesCostNothing() throws Exception {
    port = loops.port(SILENT);
    long before = Heap.used();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        sockets.add(connected());
        sockets.getLast().getOutputStream().write(CLAIM);
      }
      await().until(() -> port.meters.sum(Refusal.FRAME_TOO_LARGE) == 1000);
      loops.settle();
      assertThat(port.unread().used()).isZero();
      assertThat(Heap.used() - before).isLessThan(1000L * (128 << 10));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void inputBeyondTheLimitWaitsInTheKernelUntilThePeerIsAdmitted() throws Exception {
    port = loops.port(SILENT);
    try (TestPeer peer = new TestPeer(port);
        TestPeer other = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + PING.repeat(2000));
      Outlet outlet = port.outlet();
      await().until(() -> port.meters.sum(Meter.BYTES_IN) >= LIMIT);
      // Sent later, and heard behind whatever of the first one is read.
      other.send(TestPeer.HELLO.replace("alice", "bob"));
      int early = 0;
      for (List<Frame.FromPeer> batch = port.frames();
          !isFrom("bob", batch);
          batch = port.frames()) {
        early += batch.size();
      }
      assertThat(early).isLessThan(LIMIT / PING.length() + 10);
      TestPort.on(outlet, () -> outlet.admit(1 << 20));
      assertThat(port.frames(2001 - early)).hasSize(2001 - early);
    }
  }

  private static boolean isFrom(String peer, List<Frame.FromPeer> batch) {
    return batch.getFirst() instanceof Frame.Hello hello && hello.peer().equals(peer);
  }

  @Test
  void anAnswerBeforeAdmissionMakesRoomForTheProof() throws Exception {
    port = loops.port(SILENT);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + PING.repeat(600));
      await().until(() -> port.meters.sum(Meter.BYTES_IN) >= LIMIT);
      Outlet outlet = port.outlet();
      TestPort.on(outlet, () -> outlet.send(new Frame.Challenge("00", "node")));
      assertThat(peer.line()).contains("challenge");
      assertThat(port.frames(601)).hasSize(601);
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
      await().until(() -> port.meters.sum(Meter.BYTES_IN) == 6001);
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

  /** How fast they may come, to the nanosecond, is told by {@link AcceptRateTest}. */
  @Test
  void connectionsBeyondTheRateWaitInTheBacklogAndThoseWhoAreInDoNotNotice() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.rate = 1;
              settings.burst = 1;
              return settings;
            },
            SILENT);
    List<Socket> sockets = new ArrayList<>();
    try (TestPeer first = new TestPeer(port)) {
      for (int i = 0; i < 900; i++) {
        sockets.add(connected());
      }
      first.send(TestPeer.HELLO);
      assertThat(port.frames(1)).hasOnlyElementsOfType(Frame.Hello.class);
      // A batch at once, and one each second: it would take a quarter of an hour to miss this.
      assertThat(port.ledger.openedCount(Resource.SOCKET)).isLessThan(800);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void whoHasWaitedForTheRateIsAcceptedInTheEnd() throws Exception {
    port =
        loops.port(
            settings -> {
              settings.rate = 100;
              settings.burst = 1;
              return settings;
            },
            SILENT);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        sockets.add(connected());
      }
      await().until(() -> port.ledger.openedCount(Resource.SOCKET) == 50);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private Socket connected() throws IOException {
    return new Socket(port.address().getAddress(), port.address().getPort());
  }
}
