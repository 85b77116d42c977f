package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.connection.TestAuthority.Issued;
import io.peerhub.hub.LogTap;
import io.peerhub.telemetry.Meters.Meter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are replaced while peers come and talk. */
class TlsReloadTest {
  private static final String PING = "{\"ping\":{\"t\":1}}\n";
  private static TestLoops loops;
  private final AtomicReference<Throwable> harmed = new AtomicReference<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private volatile boolean closing;
  private TlsHouse house;
  private TestPort port;
  private LogTap log;

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    house = new TlsHouse(folder);
    log = LogTap.open();
    port = loops.port(TlsHouse.on(house.settings()), TestPort.ECHO);
  }

  @AfterEach
  void close() {
    port.close();
    log.close();
  }

  private Certificate shown() throws Exception {
    try (SSLSocket socket = TlsHouse.socket(port, house.authority.client(null))) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void replacedUnderLoadNobodyIsCutAndWhoComesSeesTheNewOne() throws Exception {
    List<Thread> peers = new ArrayList<>();
    List<TestPeer> talking = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      TestPeer peer = house.peer(port);
      talking.add(peer);
      peer.send(TestPeer.HELLO);
      peers.add(Thread.ofVirtual().start(() -> unharmed(() -> talk(peer))));
    }
    // Others come and go all the time.
    peers.add(Thread.ofVirtual().start(() -> unharmed(this::comeAndGo)));
    for (int i = 0; i < 5; i++) {
      Issued next = house.authority.issue("hub");
      replace(next);
      await().until(() -> shown().equals(next.certificate()));
      int before = rounds.get();
      await().until(() -> harmed.get() != null || rounds.get() > before + 20);
    }
    closing = true;
    for (Thread peer : peers) {
      assertThat(peer.join(PATIENCE)).isTrue();
    }
    for (TestPeer peer : talking) {
      peer.close();
    }
    assertThat(harmed.get()).isNull();
    assertThat(port.meters.sum(Meter.HANDSHAKES_FAILED)).isZero();
    // Whoever is held up between two files for more than a look is told so, and rightly.
    assertThat(log.lines().stream().filter(line -> !line.contains("is not the key of")))
        .hasSize(5)
        .allMatch(line -> line.contains("read again: CN=hub"));
  }

  /** As Kubernetes and certbot do it: whole files take the place of others, one after the other. */
  private void replace(Issued next) throws Exception {
    Path key = next.writeKey(house.key().resolveSibling("spare.key"));
    Path certificate = next.writeCertificate(house.certificate().resolveSibling("spare.crt"));
    Files.move(key, house.key(), StandardCopyOption.ATOMIC_MOVE);
    Files.move(certificate, house.certificate(), StandardCopyOption.ATOMIC_MOVE);
  }

  private interface Doing {
    void run() throws Exception;
  }

  private void unharmed(Doing doing) {
    try {
      while (!closing) {
        doing.run();
      }
    } catch (Exception | AssertionError failed) {
      harmed.set(failed);
    }
  }

  private void talk(TestPeer peer) throws Exception {
    assertThat(peer.send(PING).line()).contains("pong");
    rounds.incrementAndGet();
  }

  private void comeAndGo() throws Exception {
    try (TestPeer peer = house.peer(port)) {
      talk(peer.send(TestPeer.HELLO));
    }
  }

  /** Looked at by hand: no look falls between two writes. */
  @Test
  void aPairThatIsTornOrWrongKeepsTheOldOneAndIsSaidOnce() throws Exception {
    port.close();
    port = loops.port(TlsHouse.on(house.settings(TestSettings.NEVER)), TestPort.ECHO);
    Certificate first = shown();
    Issued next = house.authority.issue("hub");
    next.writeCertificate(house.certificate());
    said("is not the key of");
    assertThat(shown()).isEqualTo(first);
    next.writeKey(house.key());
    said("read again");
    assertThat(shown()).isEqualTo(next.certificate());

    Files.writeString(house.key(), "half a ke");
    said("PRIVATE KEY");
    Files.delete(house.key());
    said("NoSuchFile");
    house.show(house.authority.expired("hub"));
    said("expired already");
    assertThat(shown()).isEqualTo(next.certificate());
    assertThat(log.stackTraces()).isEmpty();

    replace(house.authority.issue("hub"));
    said("read again");
    assertThat(shown()).isNotEqualTo(next.certificate());
  }

  /** Once, however often the hub looks, and nothing else. */
  private void said(String what) {
    for (int i = 0; i < 4; i++) {
      port.tls().look();
    }
    assertThat(log.lines()).singleElement().asString().contains(what);
    log.close();
    log = LogTap.open();
  }
}
