package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that do not come about: which are tried again, which are the end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RefusedConnectionTest {
  private static final byte[] KEY =
      "a key that is known to both sides".getBytes(StandardCharsets.US_ASCII);

  /** Of a client that is not to get through. */
  private static final ClientSettings.Patience IMPATIENT =
      new ClientSettings.Patience(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ZERO);

  private final Clients.Log log = new Clients.Log();
  private FakeHub hub;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() throws Exception {
    hub.close();
  }

  private PeerHubClient connect(ClientSettings.Builder settings) {
    return PeerHubClient.connect(settings.build(), (client, message) -> {}, log);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_ALLOWED", "DISABLED", "TAKEN_OVER"})
  void aFinalRefusalEndsTheClientAndSettlesWhatWaits(Refusal refusal) throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub))) {
      CompletableFuture<Outcome> waiting =
          client.send(Outgoing.critical("bob", Body.text("waiting")));
      FakeHub.Line line = hub.accept();
      line.expect(Frame.Hello.class);
      line.send(new Frame.Error(refusal.code(), refusal.reason()));
      line.expectClosed();
      ClientState.Closed closed = log.await(ClientState.Closed.class);
      assertThat(((RefusedException) closed.cause().orElseThrow()).refusal()).contains(refusal);
      assertThat(Clients.next(log.refusals).refusal()).contains(refusal);
      assertThatThrownBy(() -> Clients.get(waiting))
          .hasCauseInstanceOf(ClientClosedException.class);
      assertThat(client.send("bob", "later")).isCompletedExceptionally();
      assertThat(client.awaitLive(Clients.PATIENCE)).isFalse();
    }
  }

  @Test
  void aTakeoverOfALiveConnectionIsFinal() throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub))) {
      FakeHub.Line line = hub.acceptAndWelcome();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      line.send(new Frame.Error(2009, "taken over"));
      assertThat(log.await(ClientState.Closed.class).cause()).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_AUTHENTICATED", "STORE_UNAVAILABLE", "ALREADY_CONNECTED"})
  void anyOtherRefusalIsToldAndTriedAgain(Refusal refusal) throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub))) {
      FakeHub.Line line = hub.accept();
      line.expect(Frame.Hello.class);
      line.send(new Frame.Error(refusal.code(), refusal.reason()));
      hub.acceptAndWelcome();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      assertThat(Clients.next(log.refusals).refusal()).contains(refusal);
      assertThat(log.await(ClientState.Connecting.class).lastFailure()).isPresent();
    }
  }

  @Test
  void givesUpAfterAsManyAttemptsAsItWasTold() throws Exception {
    ClientSettings.Retry retry =
        new ClientSettings.Retry(Duration.ofMillis(1), Duration.ofMillis(2), 3);
    try (PeerHubClient client = connect(Clients.settings(hub).retry(retry))) {
      for (int i = 0; i < 3; i++) {
        hub.accept().close();
      }
      assertThat(log.await(ClientState.Closed.class).cause()).isPresent();
      assertThat(client.stats().connections()).isZero();
    }
  }

  @Test
  void takesTheNextServerWhereTheFirstIsDead() throws Exception {
    // Bound and not listening: nobody else can have that port, and whoever comes is refused.
    try (Socket dead = new Socket()) {
      dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ClientSettings.Builder settings =
          Clients.settings().server("127.0.0.1:" + dead.getLocalPort()).server(hub.address());
      try (PeerHubClient client = connect(settings)) {
        hub.acceptAndWelcome();
        assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
        assertThat(log.await(ClientState.Connecting.class).lastFailure()).isPresent();
      }
    }
  }

  /** That it comes is enough: what it is patient with there would depend on the machine. */
  @Test
  void takesTheNextServerWhereTheFirstIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket next = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PeerHubClient client =
            connect(
                Clients.settings()
                    .server("127.0.0.1:" + silent.getLocalPort())
                    .server("127.0.0.1:" + next.getLocalPort())
                    .patience(IMPATIENT))) {
      accept(next).close();
      assertThat(log.await(ClientState.Connecting.class).lastFailure()).isPresent();
      assertThat(client.stats().connections()).isZero();
    }
  }

  /** Frames of a kind that it passes over, without end: it is not they that end it. */
  @Test
  void aHandshakeThatDribblesIsCutAtItsAbsoluteLimit() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PeerHubClient client =
            connect(
                Clients.settings()
                    .server("127.0.0.1:" + server.getLocalPort())
                    .patience(IMPATIENT))) {
      try (Socket dribbling = accept(server)) {
        byte[] unknownKind = {3, (byte) 0xfa, 0x07, 0};
        assertThatThrownBy(
                () -> {
                  while (true) {
                    for (byte b : unknownKind) {
                      dribbling.getOutputStream().write(b);
                    }
                  }
                })
            .isInstanceOf(IOException.class);
      }
      accept(server).close();
      assertThat(log.await(ClientState.Connecting.class).lastFailure()).isPresent();
      assertThat(client.stats().connections()).isZero();
    }
  }

  private static Socket accept(ServerSocket server) throws IOException {
    server.setSoTimeout((int) Clients.PATIENCE.toMillis());
    return server.accept();
  }

  @Test
  void provesItselfAndChecksTheProofOfTheHub() throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub).credentials(Credentials.hmac(KEY)))) {
      welcomeWithProof(hub.accept(), KEY);
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
      assertThat(log.refusals).isEmpty();
    }
  }

  @Test
  void leavesAHubThatDoesNotKnowTheKeyBeforeAnythingIsSaidToIt() throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub).credentials(Credentials.hmac(KEY)))) {
      CompletableFuture<Outcome> sent = client.send("bob", "for the real hub only");
      byte[] otherKey = new byte[32];
      FakeHub.Line liar = hub.accept();
      welcomeWithProof(liar, otherKey);
      assertThatThrownBy(liar::next).isInstanceOf(IOException.class);
      FakeHub.Line lazy = hub.accept();
      lazy.expect(Frame.Hello.class);
      lazy.send(FakeHub.welcome("s1", false, 0));
      assertThatThrownBy(lazy::next).isInstanceOf(IOException.class);
      assertThat(Clients.next(log.refusals).refusal()).contains(Refusal.NOT_AUTHENTICATED);
      FakeHub.Line real = hub.accept();
      welcomeWithProof(real, KEY);
      assertThat(real.expect(Frame.Send.class).n()).isEqualTo(1);
      assertThat(sent).isNotDone();
    }
  }

  private static void welcomeWithProof(FakeHub.Line line, byte[] key) throws Exception {
    assertThat(line.expect(Frame.Hello.class).auth()).isEqualTo("hmac");
    String nonce = HandshakeProof.nonce();
    line.send(new Frame.Challenge(nonce, "n1"));
    Frame.Proof proof = line.expect(Frame.Proof.class);
    assertThat(proof.mac())
        .isEqualTo(
            HandshakeProof.mac(KEY, HandshakeProof.Side.PEER, "alice", nonce, proof.nonce()));
    String mac = HandshakeProof.mac(key, HandshakeProof.Side.HUB, "alice", nonce, proof.nonce());
    line.send(FakeHub.welcomeWithMac("s1", mac));
  }

  @Test
  void tellsAPasswordOrTheTokenOfThatMoment() throws Exception {
    AtomicInteger tokens = new AtomicInteger();
    Credentials token = Credentials.token(() -> "token-" + tokens.incrementAndGet());
    try (PeerHubClient client = connect(Clients.settings(hub).credentials(token))) {
      for (int i = 1; i <= 2; i++) {
        FakeHub.Line line = hub.accept();
        assertThat(proofAfterChallenge(line, "token"))
            .isEqualTo(new Frame.Proof("", "", "", "token-" + i));
        line.send(FakeHub.welcome("s" + i, false, 0));
        assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
        line.close();
      }
    }
    Credentials password = Credentials.password("secret");
    try (PeerHubClient client = connect(Clients.settings(hub).credentials(password))) {
      FakeHub.Line line = hub.accept();
      assertThat(proofAfterChallenge(line, "password"))
          .isEqualTo(new Frame.Proof("", "", "secret", ""));
      line.send(FakeHub.welcome("s3", false, 0));
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
    }
  }

  private static Frame.Proof proofAfterChallenge(FakeHub.Line line, String method)
      throws Exception {
    assertThat(line.expect(Frame.Hello.class).auth()).isEqualTo(method);
    line.send(new Frame.Challenge(HandshakeProof.nonce(), "n1"));
    return line.expect(Frame.Proof.class);
  }

  @Test
  void tellsASecretToNobodyWhoseLineOthersCanRead() throws Exception {
    assertThat(Transport.isSecret(false, InetAddress.getByName("192.0.2.1"))).isFalse();
    assertThat(Transport.isSecret(false, InetAddress.getByName("10.0.0.1"))).isFalse();
    assertThat(Transport.isSecret(true, InetAddress.getByName("192.0.2.1"))).isTrue();
    assertThat(Transport.isSecret(false, InetAddress.getByName("::1"))).isTrue();
  }

  @Test
  void withoutAKeyItDoesNotAnswerAChallenge() throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub))) {
      FakeHub.Line line = hub.accept();
      line.expect(Frame.Hello.class);
      line.send(new Frame.Challenge(HandshakeProof.nonce(), "n1"));
      line.expectClosed();
      assertThat(Clients.next(log.refusals).refusal()).contains(Refusal.METHOD_NOT_OFFERED);
      assertThat(client.state()).isInstanceOf(ClientState.Connecting.class);
    }
  }

  @Test
  void aRefusalTellsWhenToComeAgain() throws Exception {
    try (PeerHubClient client = connect(Clients.settings(hub))) {
      FakeHub.Line line = hub.accept();
      line.expect(Frame.Hello.class);
      line.send(new Frame.Error(Refusal.NO_MAJORITY.code(), Refusal.NO_MAJORITY.reason(), 20));
      assertThat(Clients.next(log.refusals).retryAfter()).isEqualTo(Duration.ofMillis(20));
      hub.acceptAndWelcome();
      assertThat(client.awaitLive(Clients.PATIENCE)).isTrue();
    }
  }
}
