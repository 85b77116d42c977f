package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.identity.proof.PasswordHash;
import io.peerhub.identity.proof.PasswordSettings;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passwords and tokens on a hub that says all it can say (DEBUG). Each secret has a canary in it,
 * which is looked for at the end wherever somebody could read.
 */
class SecretsTest {
  private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
  private static final String CANARY = "canary" + RUN;
  private static final Identity ALICE = new Identity("alice-" + RUN);
  private static final String PASSWORD = "password-" + CANARY;
  private static final byte[] KEY = ("key-of-" + CANARY + "-".repeat(32)).getBytes();

  @TempDir private static Path folder;
  private static TestHub hub;
  private static DeviceDesk desk;
  private static RSAKey signer;
  private static LogTap log;
  private static Level before;
  private static Level ours;

  @BeforeAll
  static void start() throws Exception {
    before = logger(Logger.ROOT_LOGGER_NAME).getLevel();
    ours = logger("io.peerhub").getLevel();
    logger(Logger.ROOT_LOGGER_NAME).setLevel(Level.DEBUG);
    logger("io.peerhub").setLevel(Level.TRACE);
    log = LogTap.open();
    signer = new RSAKeyGenerator(2048).keyID("r1").algorithm(JWSAlgorithm.RS256).generate();
    Path keys = folder.resolve("keys.json");
    Files.writeString(keys, new JWKSet(List.of(signer.toPublicJWK())).toString(false));
    hub =
        TestHub.start(
            Map.of(
                "peerhub.identity.auth",
                "hmac, password, token",
                "peerhub.identity.token.keys-file",
                keys.toString(),
                "peerhub.identity.password.memory",
                "1 MiB",
                "peerhub.identity.back-off.free",
                1000,
                "peerhub.identity.back-off.address-burst",
                1000,
                "peerhub.identity.devices.contacts-every",
                "10ms"));
    desk = hub.node().devices();
    desk.add(ALICE, Device.Status.APPROVED, Map.of());
    desk.give(ALICE, KEY, true);
    PasswordSettings cost = hub.node().settings().identity().passwords();
    desk.givePassword(ALICE, PasswordHash.of(PASSWORD, cost).text());
  }

  @AfterAll
  static void nothingHasLeaked() throws Exception {
    hub.close();
    log.close();
    logger(Logger.ROOT_LOGGER_NAME).setLevel(before);
    logger("io.peerhub").setLevel(ours);
    String said = log.everything();
    assertThat(said).as("it did say something").contains("is open on");
    for (String form : forms(CANARY)) {
      assertThat(said).doesNotContain(form);
    }
    assertThat(said).doesNotContain("$argon2id$");
    Path data = hub.node().settings().data();
    for (String file : List.of("master.key", "admin.token", "postgres/password")) {
      assertThat(said).as(file).doesNotContain(Files.readString(data.resolve(file)).strip());
    }
  }

  private static ch.qos.logback.classic.Logger logger(String name) {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(name);
  }

  /** As text, in hex, and in any of the three ways in which base64 may have cut it. */
  private static List<String> forms(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    String second = base64.encodeToString((" " + secret).getBytes(StandardCharsets.UTF_8));
    String third = base64.encodeToString(("  " + secret).getBytes(StandardCharsets.UTF_8));
    int whole = secret.length();
    return List.of(
        secret,
        HexFormat.of().formatHex(bytes),
        base64.encodeToString(bytes).substring(0, whole),
        second.substring(2, whole),
        third.substring(3, whole));
  }

  private static String token(String subject, String tokenId) throws Exception {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(subject)
            .audience("peerhub")
            .jwtID(tokenId)
            .expirationTime(new Date(System.currentTimeMillis() + 3_600_000))
            .build();
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").build(), claims);
    jwt.sign(new RSASSASigner(signer));
    return jwt.serialize();
  }

  private static Frame.FromHub answer(Wire wire, String name, String method, Frame.Proof proof)
      throws Exception {
    try (TestPeer peer = TestPeer.connect(hub.address(), wire)) {
      peer.say(Keyring.hello(name, method));
      peer.expect(Frame.Challenge.class);
      peer.say(proof);
      return peer.next();
    }
  }

  private static Frame.Proof password(String password) {
    return new Frame.Proof("", "", password, "");
  }

  private static Frame.Proof bearing(String token) {
    return new Frame.Proof("", "", "", token);
  }

  private static void assertRefused(Frame.FromHub answer, Refusal refusal) {
    assertThat(answer).isEqualTo(new Frame.Error(refusal.code(), refusal.reason()));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aPasswordOpensAndAWrongOneIsAnsweredLikeAnUnknownName(Wire wire) throws Exception {
    assertThat(answer(wire, ALICE.text(), "password", password(PASSWORD)))
        .isInstanceOf(Frame.Welcome.class);
    assertRefused(
        answer(wire, ALICE.text(), "password", password("wrong-" + CANARY)),
        Refusal.NOT_AUTHENTICATED);
    assertRefused(
        answer(wire, "nobody-" + RUN, "password", password(PASSWORD)), Refusal.NOT_AUTHENTICATED);
    assertRefused(
        answer(wire, ALICE.text(), "password", bearing(PASSWORD)), Refusal.NOT_AUTHENTICATED);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aTokenIsGoodForItsSubjectOnceThatIsApproved(Wire wire) throws Exception {
    Identity bob = new Identity("bob-" + wire + "-" + RUN);
    String token = token(bob.text(), CANARY);
    assertRefused(answer(wire, bob.text(), "token", bearing(token)), Refusal.NOT_ALLOWED);
    TestHub.eventually(() -> desk.find(bob).isPresent());
    assertThat(desk.find(bob).orElseThrow().status()).isEqualTo(Device.Status.PENDING);
    desk.set(bob, Device.Status.APPROVED);
    TestHub.eventually(
        () -> answer(wire, bob.text(), "token", bearing(token)) instanceof Frame.Welcome);
    assertRefused(answer(wire, ALICE.text(), "token", bearing(token)), Refusal.NOT_AUTHENTICATED);
    String changed = token.substring(0, token.length() - 8) + "AAAAAAAA";
    assertRefused(answer(wire, bob.text(), "token", bearing(changed)), Refusal.NOT_AUTHENTICATED);
    desk.set(bob, Device.Status.DISABLED);
    TestHub.eventually(
        () ->
            answer(wire, bob.text(), "token", bearing(token)) instanceof Frame.Error error
                && error.code() == Refusal.DISABLED.code());
  }

  @Test
  void firstContactsAtOnceMakeOneRow() throws Exception {
    Identity crowd = new Identity("crowd-" + RUN);
    String token = token(crowd.text(), CANARY);
    List<Thread> peers =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                answer(Wire.JSON, crowd.text(), "token", bearing(token));
                              } catch (Exception failed) {
                                throw new IllegalStateException(failed);
                              }
                            }))
            .toList();
    for (Thread peer : peers) {
      peer.join();
    }
    TestHub.eventually(() -> desk.find(crowd).isPresent());
    assertThat(desk.find(crowd).orElseThrow().status()).isEqualTo(Device.Status.PENDING);
  }

  @Test
  void secretsInFramesThatAreWrongAreNotRepeated() throws Exception {
    for (String wrong :
        List.of(
            "{\"proof\":{\"password\":\"" + PASSWORD + "\",\"token\":\"" + PASSWORD + "\"}}",
            "{\"proof\":{\"password\":{\"" + PASSWORD + "\":1}}}",
            "{\"proof\":{\"password\":\"" + PASSWORD + "\"",
            "{\"" + PASSWORD + "\":{}}",
            PASSWORD)) {
      try (TestPeer peer = TestPeer.connect(hub.address(), Wire.JSON)) {
        peer.say(Keyring.hello(ALICE.text(), "password"));
        peer.expect(Frame.Challenge.class);
        peer.sayRaw(wrong.getBytes(StandardCharsets.UTF_8));
        assertThat(peer.expect(Frame.Error.class).reason()).doesNotContain(CANARY);
      }
    }
    Keyring.live(hub.address(), ALICE.text(), KEY).close();
  }

  @Test
  void noPageShowsASecret() throws Exception {
    answer(Wire.JSON, ALICE.text(), "password", password(PASSWORD));
    String token = Files.readString(hub.node().settings().data().resolve("admin.token")).strip();
    String address = "http://127.0.0.1:" + hub.node().httpAddress().getPort();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String page :
          List.of("/metrics", "/stats", "/resources", "/peers", "/devices/" + ALICE)) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(address + page))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<String> shown = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(shown.statusCode()).as(page).isEqualTo(200);
        assertThat(shown.body()).as(page).doesNotContain(CANARY).doesNotContain("argon2");
      }
    }
  }
}
