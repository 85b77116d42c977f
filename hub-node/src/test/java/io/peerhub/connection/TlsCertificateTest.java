package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.connection.TestAuthority.Issued;
import io.peerhub.connection.TlsSettings.ClientAuth;
import io.peerhub.hub.LogTap;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates of both ends, good and bad ones. */
class TlsCertificateTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static TestLoops loops;
  private static TestAuthority another;
  @TempDir private Path folder;
  private TlsHouse house;
  private TestPort port;

  /** What a peer may show. */
  private enum Shown {
    GOOD,
    NOTHING,
    OF_ANOTHER_AUTHORITY,
    SELF_SIGNED,
    EXPIRED,
    NOT_YET_VALID,
    REVOKED
  }

  @BeforeAll
  static void start() throws Exception {
    loops = new TestLoops(1);
    another = TestAuthority.named("another authority");
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  private void open(UnaryOperator<TestSettings> settings) {
    port = loops.port(settings, TestPort.ECHO);
  }

  private void asking(ClientAuth auth, Issued... revoked) throws Exception {
    house = new TlsHouse(folder);
    house.authority.own.writeCertificate(house.authorities());
    house.authority.writeRevoked(house.revoked(), Instant.now().plus(LONG), revoked);
    open(TlsHouse.on(house.settings(auth, true)));
  }

  @AfterEach
  void everySocketIsAccountedFor() {
    if (port != null) {
      port.close();
      await().untilAsserted(() -> assertThat(port.ledger.live(Resource.SOCKET)).isZero());
    }
  }

  private Issued shown(Shown what) throws Exception {
    Instant now = Instant.now();
    return switch (what) {
      case NOTHING -> null;
      case GOOD -> house.authority.issue("peer");
      case OF_ANOTHER_AUTHORITY -> another.issue("peer");
      case SELF_SIGNED -> TestAuthority.selfSigned("peer");
      case EXPIRED -> house.authority.expired("peer");
      case NOT_YET_VALID ->
          house.authority.issue("peer", now.plus(LONG), now.plus(LONG).plus(LONG));
      case REVOKED -> {
        Issued issued = house.authority.issue("peer");
        house.authority.writeRevoked(house.revoked(), now.plus(LONG), issued);
        port.close();
        open(TlsHouse.on(house.settings(ClientAuth.REQUIRED, true)));
        yield issued;
      }
    };
  }

  /** Says hello and asks for a sign of life, over TLS with that certificate. */
  private String talk(Issued shown) throws Exception {
    try (TestPeer peer = new TestPeer(TlsHouse.socket(port, house.authority.client(shown)))) {
      return peer.send(TestPeer.HELLO + "{\"ping\":{\"t\":1}}\n").line();
    }
  }

  private void isTurnedAway(Issued shown) {
    long failed = port.meters.sum(Meter.HANDSHAKES_FAILED);
    // By an alert, or by the reset that follows it.
    assertThatThrownBy(() -> talk(shown)).isInstanceOf(IOException.class);
    await().until(() -> port.meters.sum(Meter.HANDSHAKES_FAILED) == failed + 1);
    assertThat(port.outlets).as("no session has begun").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void whereACertificateIsRequiredOnlyAGoodOneOpens(Shown what) throws Exception {
    asking(ClientAuth.REQUIRED);
    Issued shown = shown(what);
    if (what == Shown.GOOD) {
      assertThat(talk(shown)).contains("pong");
    } else {
      isTurnedAway(shown);
    }
  }

  @Test
  void whereItIsOptionalNoneIsFineAndABadOneIsNot() throws Exception {
    asking(ClientAuth.OPTIONAL);
    assertThat(talk(null)).contains("pong");
    assertThat(talk(house.authority.issue("peer"))).contains("pong");
    port.outlets.clear();
    for (Issued bad : new Issued[] {house.authority.expired("peer")}) {
      isTurnedAway(bad);
    }
  }

  @Test
  void aListThatIsOutOfDateLetsNobodyIn() throws Exception {
    asking(ClientAuth.REQUIRED);
    port.close();
    house.authority.writeRevoked(house.revoked(), Instant.now().minus(LONG));
    try (LogTap log = LogTap.open()) {
      open(TlsHouse.on(house.settings(ClientAuth.REQUIRED, true)));
      assertThat(log.lines()).singleElement().asString().contains("out of date");
    }
    isTurnedAway(house.authority.issue("peer"));
  }

  @Test
  void whoIsRevokedWhileTheHubRunsStaysUntilItComesAgain() throws Exception {
    asking(ClientAuth.REQUIRED);
    Issued issued = house.authority.issue("peer");
    try (TestPeer peer = new TestPeer(TlsHouse.socket(port, house.authority.client(issued)))) {
      assertThat(peer.send(TestPeer.HELLO + "{\"ping\":{\"t\":1}}\n").line()).contains("pong");
      house.authority.writeRevoked(house.revoked(), Instant.now().plus(LONG), issued);
      await().untilAsserted(() -> assertThatThrownBy(() -> talk(issued)).isNotNull());
      assertThat(peer.send("{\"ping\":{\"t\":1}}\n").line()).contains("pong");
    }
    assertThat(talk(house.authority.issue("peer"))).contains("pong");
  }

  /** What the hub shows is looked at by the peer; the hub only has to survive the refusal. */
  @Test
  void aPeerTurnsAHubAwayThatShowsABadCertificate() throws Exception {
    house = new TlsHouse(folder);
    for (Issued bad :
        new Issued[] {
          another.issue("hub"),
          TestAuthority.selfSigned("hub"),
          house.authority.expired("hub"),
          house.authority.issue("another-hub")
        }) {
      house.show(bad);
      open(TlsHouse.on(house.settings()));
      assertThatThrownBy(() -> talk(null)).isInstanceOf(SSLException.class);
      await().until(() -> port.meters.sum(Meter.HANDSHAKES_FAILED) == 1);
      assertThat(port.meters.sum(Meter.CRASHES)).isZero();
      port.close();
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamedAndNothingOfTheKeyIsTold() throws Exception {
    house = new TlsHouse(folder);
    String key = Files.readString(house.key());
    refuses(house.certificate(), "hub.crt", "nothing");
    refuses(house.certificate(), "hub.crt", "");
    refuses(house.key(), "PRIVATE KEY", "nothing");
    refuses(house.key(), "hub.key", key.replaceFirst("[A-Za-z0-9+/]{20}\\s", "AAAA\n"));
    refuses(house.key(), "hub.key", key.replace("PRIVATE", "EC PRIVATE"));
    Files.delete(house.key());
    assertThatThrownBy(() -> open(TlsHouse.on(house.settings()))).hasMessageContaining("hub.key");
    another.issue("x").writeKey(house.key());
    assertThatThrownBy(() -> open(TlsHouse.on(house.settings())))
        .hasMessageContaining("hub.key is not the key of");
    port = null;
  }

  private void refuses(Path file, String says, String contents) throws Exception {
    byte[] before = Files.readAllBytes(file);
    Files.writeString(file, contents);
    assertThatThrownBy(() -> open(TlsHouse.on(house.settings())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says)
        .hasStackTraceContaining("cannot speak TLS")
        .satisfies(thrown -> assertThat(whole(thrown)).doesNotContain(secret(before)));
    Files.write(file, before);
  }

  private static String whole(Throwable thrown) {
    return thrown.getCause() == null ? thrown.toString() : thrown + whole(thrown.getCause());
  }

  private static String secret(byte[] file) {
    return new String(file, java.nio.charset.StandardCharsets.US_ASCII).lines().toList().get(1);
  }
}
