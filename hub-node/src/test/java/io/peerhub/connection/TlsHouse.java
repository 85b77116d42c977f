package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;

import io.peerhub.connection.TestAuthority.Issued;
import io.peerhub.connection.TlsSettings.ClientAuth;
import io.peerhub.connection.TlsSettings.Clients;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A folder with the files of a hub that speaks TLS, by the name of {@code hub}. */
final class TlsHouse {
  final TestAuthority authority;
  private final Path folder;

  TlsHouse(Path folder) throws Exception {
    this.folder = folder;
    this.authority = TestAuthority.named("authority");
    show(authority.issue("hub"));
  }

  Path certificate() {
    return folder.resolve("hub.crt");
  }

  Path key() {
    return folder.resolve("hub.key");
  }

  Path authorities() {
    return folder.resolve("authorities.crt");
  }

  Path revoked() {
    return folder.resolve("revoked.crl");
  }

  /** Puts a certificate and its key where the hub looks. */
  void show(Issued issued) throws Exception {
    issued.writeCertificate(certificate());
    issued.writeKey(key());
  }

  TlsSettings settings() {
    return settings(Clients.NONE, 2000);
  }

  TlsSettings settings(Duration reloadEvery) {
    return settings(Clients.NONE, 2000, reloadEvery);
  }

  TlsSettings settings(ClientAuth auth, boolean consultsLists) {
    return settings(
        new Clients(
            auth,
            Optional.of(authorities()),
            consultsLists ? Optional.of(revoked()) : Optional.empty()),
        2000);
  }

  TlsSettings settings(Clients clients, int waitingMax) {
    return settings(clients, waitingMax, Duration.ofMillis(100));
  }

  /** That a handshake has to be over within so much. */
  TlsSettings settingsOfHandshake(Duration timeout) {
    return settings(Clients.NONE, 2000, Duration.ofMillis(100), timeout);
  }

  private TlsSettings settings(Clients clients, int waitingMax, Duration reloadEvery) {
    return settings(clients, waitingMax, reloadEvery, TestSettings.NEVER);
  }

  private TlsSettings settings(
      Clients clients, int waitingMax, Duration reloadEvery, Duration handshakeTimeout) {
    return new TlsSettings(
        certificate(),
        key(),
        List.of("TLSv1.3"),
        clients,
        reloadEvery,
        handshakeTimeout,
        waitingMax);
  }

  static UnaryOperator<TestSettings> on(TlsSettings tls) {
    return settings -> {
      settings.tls = Optional.of(tls);
      settings.allowPlaintext = false;
      return settings;
    };
  }

  /** A peer that shows nothing, and looks whom it speaks to. */
  TestPeer peer(TestPort port) throws Exception {
    return new TestPeer(socket(port, authority.client(null)));
  }

  static SSLSocket socket(TestPort port, SSLContext context) throws IOException {
    Socket plain = new Socket(port.address().getAddress(), port.address().getPort());
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "hub", 1, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }
}
