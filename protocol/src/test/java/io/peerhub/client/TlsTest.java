package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same conversation inside TLS. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path directory;
  private final Clients.Log log = new Clients.Log();

  @Test
  void talksToAHubWhoseCertificateIsTrustedAndBearsItsName() throws Exception {
    SSLContext tls = contextFor("ip:127.0.0.1");
    try (FakeHub hub = hub(tls);
        PeerHubClient client =
            PeerHubClient.connect(
                Clients.settings(hub).tls(tls).build(), (c, message) -> {}, log)) {
      FakeHub.Line line = hub.acceptAndWelcome();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      line.send(FakeHub.message(1, "secret"));
      line.expectAckUpTo(1);
    }
    assertThat(log.await(ClientState.Closed.class).cause()).isEmpty();
  }

  @Test
  void refusesACertificateOfAnotherName() throws Exception {
    SSLContext tls = contextFor("dns:elsewhere.example");
    try (FakeHub hub = hub(tls);
        PeerHubClient client =
            PeerHubClient.connect(
                Clients.settings(hub).tls(tls).build(), (c, message) -> {}, log)) {
      Thread accepting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      hub.accept();
                    } catch (java.io.IOException | AssertionError expected) {
                      return; // the client breaks the handshake off
                    }
                  });
      ClientState.Connecting failed;
      do {
        failed = log.await(ClientState.Connecting.class);
      } while (failed.lastFailure().isEmpty());
      assertThat(failed.lastFailure().get()).isInstanceOf(SSLException.class);
      assertThat(accepting.join(Clients.PATIENCE)).isTrue();
      assertThat(client.stats().connections()).isZero();
    }
  }

  private static FakeHub hub(SSLContext tls) throws Exception {
    return new FakeHub(
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** A context that has a fresh certificate for this name, and trusts it. */
  private SSLContext contextFor(String name) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD),
                "-alias",
                "hub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hub",
                "-ext",
                "san=" + name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }
}
