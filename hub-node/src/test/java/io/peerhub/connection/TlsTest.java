package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final String PASSWORD = "only-for-this-test";
  private static TestLoops loops;
  private static ConnectionSettings.Tls tls;
  private TestPort port;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = certificate(directory);
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @BeforeEach
  void open() {
    port =
        loops.port(
            settings -> {
              settings.tls = Optional.of(tls);
              settings.allowPlaintext = false;
              settings.handshake = Duration.ofSeconds(3);
              return settings;
            },
            TestPort.ECHO);
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
      Outlet.Remote remote = port.outlets.take().remote();
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

  @Test
  void aHandshakeThatStopsEndsAtTheDeadline() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      long start = System.nanoTime();
      peer.send(new byte[] {0x16, 3, 1, 2});
      peer.rest();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(2500), Duration.ofSeconds(6));
    }
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
      Outlet outlet = port.outlets.take();
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
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustEverybody()}, null);
    Socket plain = new Socket(port.address().getAddress(), port.address().getPort());
    return (SSLSocket) context.getSocketFactory().createSocket(plain, "hub", 1, true);
  }

  private static ConnectionSettings.Tls certificate(Path directory) throws Exception {
    Path store = directory.resolve("hub.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "hub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hub",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Path certificate = directory.resolve("hub.crt");
    Path key = directory.resolve("hub.key");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("hub").getEncoded()));
    byte[] secret = keys.getKey("hub", PASSWORD.toCharArray()).getEncoded();
    Files.writeString(key, pem("PRIVATE KEY", secret));
    return new ConnectionSettings.Tls(certificate, key, List.of("TLSv1.3"));
  }

  private static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private static final class TrustEverybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
