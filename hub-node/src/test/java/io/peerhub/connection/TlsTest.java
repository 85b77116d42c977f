package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Refusal;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static TestLoops loops;
  private static TlsHouse house;
  private TestPort port;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    house = new TlsHouse(directory);
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @BeforeEach
  void open() {
    port = loops.port(TlsHouse.on(house.settings()), TestPort.ECHO);
  }

  @AfterEach
  void everySocketIsAccountedFor() {
    port.close();
    await().untilAsserted(() -> assertThat(port.ledger.live(Resource.SOCKET)).isZero());
  }

  @Test
  void jsonLinesAreSpokenInside() throws Exception {
    try (TestPeer peer = secure()) {
      peer.send(TestPeer.HELLO).send("{\"ping\":{\"t\":1}}\n");
      assertThat(peer.line()).contains("pong");
      Outlet.Remote remote = port.outlet().remote();
      assertThat(remote.encrypted()).isTrue();
      assertThat(remote.wire()).isEqualTo("json");
    }
  }

  @Test
  void theBinaryWireIsSpokenInside() throws Exception {
    try (TestPeer peer = secure()) {
      peer.send("PHB1").send(new byte[] {2, 50, 0});
      assertThat(peer.bytes(5)).containsExactly(4, 58, 2, 8, 1);
    }
  }

  @Test
  void aWebSocketIsOpenedInside() throws Exception {
    try (TestPeer peer = secure()) {
      WebSocketPeer socket = new WebSocketPeer(peer);
      assertThat(socket.request("/ws")).startsWith("HTTP/1.1 101");
      socket.send(WebSocketPeer.FIN | WebSocketPeer.TEXT, "{\"ping\":{\"t\":1}}");
      assertThat(socket.receive().text()).contains("pong");
    }
  }

  @Test
  void largeFramesPassInManyRecords() throws Exception {
    try (TestPeer peer = secure()) {
      String text = "x".repeat(900_000);
      peer.send(TestPeer.HELLO).send("{\"send\":{\"to\":\"bob\",\"text\":\"" + text + "\"}}\n");
      assertThat(peer.line()).contains(text);
    }
  }

  @Test
  void tlsInsideOfTlsIsNoWire() throws Exception {
    try (TestPeer peer = secure()) {
      assertThat(peer.send(new byte[] {0x16, 3, 1, 0, 1, 1}).rest()).contains("1001");
    }
  }

  @Test
  void aPeerOnThisMachineMayComeWithoutTls() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      assertThat(peer.send("{\"ping\":{\"t\":1}}\n").line()).contains("pong");
    }
  }

  @Test
  void anOlderTlsIsNotSpoken() throws Exception {
    try (SSLSocket socket = socket()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThat(org.assertj.core.api.Assertions.catchThrowable(socket::startHandshake))
          .isInstanceOf(SSLException.class);
    }
  }

  /** No byte moves it, one for each exchange of another peer: it ends before the record does. */
  @Test
  void aHandshakeThatDribblesEndsAtItsOwnDeadline() throws Exception {
    TestPort impatient =
        loops.port(TlsHouse.on(house.settingsOfHandshake(Duration.ofMillis(200))), TestPort.ECHO);
    try (TestPeer peer = new TestPeer(impatient);
        TestPeer other = new TestPeer(impatient)) {
      other.send(TestPeer.HELLO);
      int record = 0x4000;
      peer.send(new byte[] {0x16, 3, 1, 0x40, 0});
      int sent = 0;
      while (sent < record && !isCut(peer)) {
        sent++;
        assertThat(other.send("{\"ping\":{\"t\":1}}\n").line()).contains("pong");
      }
      assertThat(sent).isLessThan(record);
      await().until(() -> impatient.meters.sum(Meter.HANDSHAKES_FAILED) == 1);
    } finally {
      impatient.close();
    }
  }

  private static boolean isCut(TestPeer peer) {
    try {
      peer.send(new byte[] {1});
      return peer.socket.getInputStream().available() > 0 && peer.in.read() >= 0;
    } catch (IOException cut) {
      return true;
    }
  }

  /** After the handshake the deadline of all openings goes on, and counts from accept. */
  @Test
  void silenceInsideEndsAtTheDeadlineOfAllOpenings() throws Exception {
    TestPort impatient =
        loops.port(
            settings -> {
              TlsHouse.on(house.settings()).apply(settings).handshake = Duration.ofSeconds(2);
              return settings;
            },
            TestPort.ECHO);
    try {
      // Where the machine is so slow that it comes before the handshake is through, once more.
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertThat(saidToOneWhoBegins(impatient)).contains("2003"));
    } finally {
      impatient.close();
    }
  }

  private static String saidToOneWhoBegins(TestPort where) throws Exception {
    try (TestPeer peer = house.peer(where)) {
      return peer.send("{").line();
    }
  }

  @Test
  void recordsThatNeverEndFillNoMoreThanTheBudgetOfStrangers() throws Exception {
    TestPort small =
        loops.port(
            settings -> {
              settings.unauthenticated = 100_000;
              return TlsHouse.on(house.settings()).apply(settings);
            },
            TestPort.ECHO);
    List<TestPeer> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        TestPeer stranger = new TestPeer(small);
        strangers.add(stranger);
        stranger.send(new byte[] {0x16, 3, 1, 0x40, 0}, new byte[16_000]);
      }
      // The seventh fills it, and each that comes behind is told.
      await().until(() -> small.meters.sum(Refusal.TOO_MANY) >= 4);
      assertThat(small.unread().used()).isLessThanOrEqualTo(100_000 + 3 * 16_005);
    } finally {
      for (TestPeer stranger : strangers) {
        stranger.close();
      }
      small.close();
    }
    await().untilAsserted(() -> assertThat(small.unread().used()).isZero());
  }

  @Test
  void theBudgetOfStrangersGetsBackWhatAHandshakeTook() throws Exception {
    try (TestPeer peer = secure()) {
      peer.send(TestPeer.HELLO).send("{\"ping\":{\"t\":1}}\n");
      peer.line();
      assertThat(port.unread().used()).isZero();
    }
  }

  /** The arithmetic is held up: whoever needs none is served, whoever comes anew is told. */
  @Test
  void handshakesHoldUpNobodyElseAndWaitInALineThatEnds() throws Exception {
    TestPort narrow =
        loops.port(TlsHouse.on(house.settings(TlsSettings.Clients.NONE, 2)), TestPort.ECHO);
    CountDownLatch held = new CountDownLatch(1);
    List<Socket> waiting = new ArrayList<>();
    try (TestPeer served = new TestPeer(TlsHouse.socket(narrow, house.authority.client(null)))) {
      served.send(TestPeer.HELLO).send("{\"ping\":{\"t\":1}}\n");
      served.line();
      for (int i = 0; i < 2; i++) {
        narrow.tls().arithmetic.execute(() -> awaitQuietly(held));
      }
      byte[] hello = clientHello();
      for (int i = 0; i < 2; i++) {
        int line = i;
        waiting.add(new Socket(narrow.address().getAddress(), narrow.address().getPort()));
        waiting.get(i).setSoTimeout((int) PATIENCE.toMillis());
        waiting.get(i).getOutputStream().write(hello);
        await().until(() -> narrow.tls().arithmetic.getQueue().size() == line + 1);
      }
      try (TestPeer refused = new TestPeer(narrow)) {
        assertThat(refused.send(hello).bytes(TlsStage.ALERT.length)).isEqualTo(TlsStage.ALERT);
        assertThat(refused.in.read()).isEqualTo(-1);
      }
      assertThat(narrow.meters.sum(Refusal.TOO_MANY)).isEqualTo(1);
      assertThat(served.send("{\"ping\":{\"t\":2}}\n").line()).contains("pong");
      held.countDown();
      assertThat(waiting.getFirst().getInputStream().read()).isEqualTo(0x16);
    } finally {
      held.countDown();
      for (Socket socket : waiting) {
        socket.close();
      }
      narrow.close();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] clientHello() throws Exception {
    SSLEngine engine = house.authority.client(null).createSSLEngine("hub", 1);
    engine.setUseClientMode(true);
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    return Arrays.copyOf(record.array(), record.position());
  }

  @Test
  void aRecordThatIsNoneEndsTheConnection() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(new byte[] {0x16, 3, 1, 0, 5, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99});
      peer.rest();
    }
  }

  @Test
  void closingEndsWithTheLastWordsOfTls() throws Exception {
    try (TestPeer peer = secure()) {
      peer.send(TestPeer.HELLO);
      port.next();
      Outlet outlet = port.outlet();
      TestPort.on(outlet, outlet::close);
      // A cut without close_notify would be an exception here.
      assertThat(peer.in.read()).isEqualTo(-1);
    }
    assertThat(port.next()).isEqualTo(new Session.Closed("closed by the hub"));
  }

  private TestPeer secure() throws Exception {
    return new TestPeer(socket());
  }

  private SSLSocket socket() throws Exception {
    return TlsHouse.socket(port, house.authority.client(null));
  }
}
