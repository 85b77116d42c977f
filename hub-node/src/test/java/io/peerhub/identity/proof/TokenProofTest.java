package io.peerhub.identity.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.peerhub.identity.device.Device;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenProofTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Identity ALICE = new Identity("alice/phone");

  private static RSAKey rsa;
  private static ECKey ec;
  private static OctetSequenceKey shared;
  private static RSAKey strangers;

  @TempDir private Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final ProofWorkers workers =
      new ProofWorkers("test", 1, 10, Duration.ofSeconds(10), nanos::get);
  private Path file;
  private TokenProof proof;

  @BeforeAll
  static void make() throws Exception {
    rsa = rsa("r1");
    strangers = rsa("r1");
    ec = new ECKeyGenerator(Curve.P_256).keyID("e1").algorithm(JWSAlgorithm.ES256).generate();
    shared =
        new OctetSequenceKeyGenerator(256).keyID("s1").algorithm(JWSAlgorithm.HS256).generate();
  }

  private static RSAKey rsa(String id) throws Exception {
    return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
  }

  @BeforeEach
  void open() throws Exception {
    file = folder.resolve("keys.json");
    write(rsa, ec);
    proof = proof("", Device.Status.PENDING);
  }

  @AfterEach
  void stop() {
    workers.close();
  }

  @Test
  void aTokenOfAKnownKeyForThisHubAndThisPeerIsGood() throws Exception {
    assertGood(signed(rsa, claims().build()));
    assertGood(signed(ec, claims().build()));
    assertGood(signed(rsa, JWSAlgorithm.RS256, null, claims().build()));
    assertThat(proof.needsSecrecy()).isTrue();
  }

  @Test
  void itSaysWhatBecomesOfANewDevice() throws Exception {
    String token = signed(rsa, claims().build());
    assertThat(judged(token)).isEqualTo(new Proving.Right("", Device.Status.PENDING));
    proof = proof("", Device.Status.APPROVED);
    assertThat(judged(token)).isEqualTo(new Proving.Right("", Device.Status.APPROVED));
  }

  @Test
  void everyClaimIsHeldAgainstWhatIsAsked() throws Exception {
    Date past = Date.from(NOW.minusSeconds(31));
    Date future = Date.from(NOW.plusSeconds(31));
    assertBad("expired", claims().expirationTime(past));
    assertGood(signed(rsa, claims().expirationTime(Date.from(NOW.minusSeconds(29))).build()));
    assertBad("without an end", claims().expirationTime(null));
    assertBad("not yet", claims().notBeforeTime(future));
    assertGood(signed(rsa, claims().notBeforeTime(Date.from(NOW.plusSeconds(29))).build()));
    assertBad("of another audience", claims().audience("another"));
    assertBad("of no audience", claims().audience((String) null));
    assertGood(signed(rsa, claims().audience(List.of("another", "hub-1")).build()));
    for (String other : new String[] {"alice", "alice/Phone", "alice/phone/x", "", null}) {
      assertBad("of " + other, claims().subject(other));
    }
    proof = proof("https://issuer", Device.Status.PENDING);
    assertBad("of no issuer", claims());
    assertBad("of another issuer", claims().issuer("https://other"));
    assertGood(signed(rsa, claims().issuer("https://issuer").build()));
  }

  @Test
  void noneAndOtherTricksWithTheAlgorithmAreRefused() throws Exception {
    JWTClaimsSet claims = claims().build();
    assertBad("alg none", new PlainJWT(claims).serialize());
    String none = base64("{\"alg\":\"none\"}") + "." + base64(claims.toString()) + ".";
    assertBad("alg none, by hand", none);
    assertBad("alg None", none.replace(base64("{\"alg\":\"none\"}"), base64("{\"alg\":\"None\"}")));

    // The public key is known to everybody: used as a shared secret it must open nothing.
    for (byte[] secret :
        List.of(
            rsa.toRSAPublicKey().getEncoded(),
            rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
            pem(rsa).getBytes(StandardCharsets.UTF_8))) {
      JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build();
      assertBad("HS256 by the public key", sign(header, claims, new MACSigner(secret)));
    }
    assertBad("another algorithm of the same key", signed(rsa, JWSAlgorithm.PS256, "r1", claims));
    assertBad("another key of that name", signed(strangers, claims));
    assertBad("an unknown key", signed(rsa, JWSAlgorithm.RS256, "unknown", claims));
    JWSHeader brought =
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").jwk(strangers.toPublicJWK()).build();
    assertBad("a key that it brings along", sign(brought, claims, new RSASSASigner(strangers)));
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("r1")
            .criticalParams(Set.of("x"))
            .customParam("x", 1)
            .build();
    assertBad("what it calls critical", sign(critical, claims, new RSASSASigner(rsa)));
    JWSHeader type =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("r1")
            .type(new JOSEObjectType("secevent+jwt"))
            .build();
    assertBad("of another kind", sign(type, claims, new RSASSASigner(rsa)));
  }

  @Test
  void whatWasChangedOrIsNoTokenIsRefused() throws Exception {
    String good = signed(rsa, claims().build());
    String[] parts = good.split("\\.");
    assertBad(
        "other claims",
        parts[0] + "." + base64(claims().issuer("x").build().toString()) + "." + parts[2]);
    assertBad("no signature", parts[0] + "." + parts[1] + ".");
    for (String text : List.of("", ".", "..", "...", "a.b.c", "{}", "[".repeat(4000), parts[0])) {
      assertBad(text, text);
    }
    String deep = "{\"alg\":\"RS256\",\"x\":" + "[".repeat(3000) + "]".repeat(3000) + "}";
    assertBad("a deep header", base64(deep) + "." + parts[1] + "." + parts[2]);
  }

  @Test
  void aSharedKeyServesHsAlone() throws Exception {
    write(shared);
    proof = proof("", Device.Status.PENDING);
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("s1").build();
    assertGood(sign(header, claims().build(), new MACSigner(shared)));
    assertBad("RS256 by its name", signed(rsa, JWSAlgorithm.RS256, "s1", claims().build()));
  }

  @Test
  void keysAreRotatedByTheFileAndABadOneLeavesTheLastGoodOnes() throws Exception {
    RSAKey next = rsa("r2");
    String old = signed(rsa, claims().build());
    String young = signed(next, claims().build());
    assertBad("not yet", young);
    write(rsa, next);
    nanos.addAndGet(1_000_000_000L);
    assertGood(old);
    assertGood(young);
    Files.writeString(file, "{\"keys\":[");
    nanos.addAndGet(1_000_000_000L);
    assertGood(old);
    write(next);
    nanos.addAndGet(1_000_000_000L);
    assertBad("its key is gone", old);
    assertGood(young);
  }

  @Test
  void aKeyThatCannotBeMeantIsNamedAtTheStartAndNotShown() throws Exception {
    assertRefused(List.of(rsa), "private key");
    assertRefused(List.of(ec), "private key");
    JWK noAlgorithm = new RSAKey.Builder(rsa.toRSAPublicKey()).build();
    assertRefused(List.of(noAlgorithm), "no algorithm");
    JWK other = new RSAKey.Builder(rsa.toRSAPublicKey()).algorithm(JWSAlgorithm.HS256).build();
    assertRefused(List.of(other), "no key of its algorithm");
    JWK none = new RSAKey.Builder(rsa.toRSAPublicKey()).algorithm(new JWSAlgorithm("none")).build();
    assertRefused(List.of(none), "no key of its algorithm");
    JWK encrypting =
        new RSAKey.Builder(rsa.toRSAPublicKey())
            .algorithm(JWSAlgorithm.RS256)
            .keyUse(KeyUse.ENCRYPTION)
            .build();
    assertRefused(List.of(encrypting), "not for signatures");
    JWK small = new RSAKeyGenerator(1024, true).algorithm(JWSAlgorithm.RS256).generate();
    assertRefused(List.of(small.toPublicJWK()), "2048");
    JWK weak = new OctetSequenceKey.Builder(new byte[16]).algorithm(JWSAlgorithm.HS256).build();
    assertRefused(List.of(weak), "cannot be used");
    assertRefused(List.of(rsa.toPublicJWK(), strangers.toPublicJWK()), "id of another");
    assertRefused(List.of(), "1 to 32");
  }

  private static void assertRefused(List<JWK> keys, String says) {
    assertThatThrownBy(() -> TokenKeys.parse(new JWKSet(keys).toString(false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  private void assertGood(String token) {
    assertThat(judged(token)).isInstanceOf(Proving.Right.class);
  }

  private void assertBad(String what, JWTClaimsSet.Builder claims) throws Exception {
    assertBad(what, signed(rsa, claims.build()));
  }

  private void assertBad(String what, String token) {
    assertThat(judged(token)).as(what).isEqualTo(new Proving.Wrong());
  }

  private Proving.Finding judged(String token) {
    Caller caller = new Caller("10.0.0.1", true, "test", 1);
    return proof
        .examine(
            new Proving.Claim(ALICE, caller, "00"),
            new Frame.Proof("", "", "", token),
            Optional.empty())
        .toCompletableFuture()
        .join();
  }

  private TokenProof proof(String issuer, Device.Status firstContact) throws Exception {
    TokenSettings settings =
        new TokenSettings(file, "hub-1", issuer, Duration.ofSeconds(30), firstContact, 1, 10);
    return new TokenProof(
        new TokenKeys(file, nanos::get), settings, workers, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void write(JWK... keys) throws Exception {
    List<JWK> all =
        java.util.Arrays.stream(keys)
            .map(key -> key instanceof OctetSequenceKey ? key : key.toPublicJWK())
            .toList();
    Files.writeString(file, new JWKSet(all).toString(false));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject(ALICE.text())
        .audience("hub-1")
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static String signed(JWK key, JWTClaimsSet claims) throws Exception {
    return signed(key, JWSAlgorithm.parse(key.getAlgorithm().getName()), key.getKeyID(), claims);
  }

  private static String signed(JWK key, JWSAlgorithm algorithm, String id, JWTClaimsSet claims)
      throws Exception {
    JWSSigner signer =
        key instanceof RSAKey signing ? new RSASSASigner(signing) : new ECDSASigner((ECKey) key);
    return sign(new JWSHeader.Builder(algorithm).keyID(id).build(), claims, signer);
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws Exception {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static String pem(RSAKey key) throws Exception {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(key.toRSAPublicKey().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
