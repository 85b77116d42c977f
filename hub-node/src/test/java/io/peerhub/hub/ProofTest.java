package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code hmac}: only who has the key gets in, and the hub shows that it has it too. */
class ProofTest {
  private static final byte[] KEY = key('a');
  @TempDir private static Path directory;
  private static Siege siege;

  private static byte[] key(char of) {
    return String.valueOf(of).repeat(40).getBytes(StandardCharsets.US_ASCII);
  }

  @BeforeAll
  static void begin() throws Exception {
    Path keys = directory.resolve("keys");
    StringBuilder lines = new StringBuilder();
    for (Wire wire : Wire.values()) {
      lines.append("bystander-").append(wire).append(' ').append("a".repeat(40)).append('\n');
    }
    Files.writeString(keys, lines + "alice " + "a".repeat(40) + "\nbob " + "b".repeat(40) + "\n");
    siege =
        Siege.begin(
            Map.of(
                "peerhub.identity.auth",
                "hmac",
                "peerhub.identity.keys-file",
                keys.toString(),
                // All these failures come from one address, and most under one name.
                "peerhub.identity.back-off.free",
                1000,
                "peerhub.identity.back-off.address-burst",
                1000),
            ProofTest::proven);
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  /** A peer that has proven itself, and holds the hub to the same. */
  private static TestPeer proven(InetSocketAddress address, Wire wire, String name)
      throws Exception {
    TestPeer peer = TestPeer.connect(address, wire);
    peer.say(hello(name));
    String challenge = peer.expect(Frame.Challenge.class).nonce();
    String nonce = HandshakeProof.nonce();
    peer.say(proof(KEY, Side.PEER, name, challenge, nonce));
    assertThat(peer.expect(Frame.Welcome.class).mac())
        .isEqualTo(HandshakeProof.mac(KEY, Side.HUB, name, challenge, nonce));
    return peer;
  }

  private static Frame.Hello hello(String name) {
    return new Frame.Hello(
        1, name, "hmac", "test", Optional.empty(), "auto", 0, 0, List.of(), "", Map.of());
  }

  private static Frame.Proof proof(
      byte[] key, Side side, String name, String challenge, String nonce) {
    return new Frame.Proof(nonce, HandshakeProof.mac(key, side, name, challenge, nonce), "", "");
  }

  /** What the hub says to a proof that is made of its challenge. */
  private static Frame.Error refused(Wire wire, String name, Answer answer) throws Exception {
    try (TestPeer stranger = TestPeer.connect(siege.address(), wire)) {
      stranger.say(hello(name));
      Frame.Challenge challenge = stranger.expect(Frame.Challenge.class);
      assertThat(challenge.nonce()).matches("[0-9a-f]{64}");
      stranger.say(answer.to(challenge.nonce()));
      Frame.Error error = stranger.expect(Frame.Error.class);
      stranger.awaitEnd();
      siege.bystanders().assertUnharmed();
      return error;
    }
  }

  private interface Answer {
    Frame to(String challenge);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void anUnknownNameIsAnsweredLikeAWrongKey(Wire wire) throws Exception {
    String nonce = HandshakeProof.nonce();
    Frame.Error wrongKey =
        refused(wire, "alice", c -> proof(key('x'), Side.PEER, "alice", c, nonce));
    Frame.Error unknown = refused(wire, "nobody", c -> proof(KEY, Side.PEER, "nobody", c, nonce));
    assertThat(wrongKey.code()).isEqualTo(Refusal.NOT_AUTHENTICATED.code());
    assertThat(unknown).isEqualTo(wrongKey);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aProofIsGoodForOneChallengeOneNameOneSide(Wire wire) throws Exception {
    String nonce = HandshakeProof.nonce();
    String[] first = new String[1];
    try (TestPeer alice = TestPeer.connect(siege.address(), wire)) {
      alice.say(hello("alice"));
      first[0] = alice.expect(Frame.Challenge.class).nonce();
      alice.say(proof(KEY, Side.PEER, "alice", first[0], nonce));
      alice.expect(Frame.Welcome.class);
      alice.say(proof(KEY, Side.PEER, "alice", first[0], nonce));
      assertThat(alice.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.WRONG_PHASE.code());
      assertNotAuthenticated(
          refused(wire, "alice", c -> proof(KEY, Side.PEER, "alice", first[0], nonce)), "replayed");
      assertNotAuthenticated(
          refused(wire, "alice", c -> proof(KEY, Side.HUB, "alice", c, nonce)), "the hub's own");
      assertNotAuthenticated(
          refused(wire, "bob", c -> proof(KEY, Side.PEER, "alice", c, nonce)), "another's");
      assertThat(refused(wire, "alice", c -> new Frame.Proof(nonce, "", "", "")).code())
          .as("none")
          .isEqualTo(Refusal.MALFORMED.code());
      alice.tell("alice", "nobody has disturbed me");
      alice.expect(Frame.Message.class);
      alice.say(new Frame.Bye(""));
    }
  }

  private static void assertNotAuthenticated(Frame.Error error, String what) {
    assertThat(error.code()).as(what).isEqualTo(Refusal.NOT_AUTHENTICATED.code());
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aNonceOfAnotherLengthIsMalformed(Wire wire) throws Exception {
    for (String nonce :
        List.of("ab".repeat(31), "ab".repeat(33), "AB".repeat(32), "xy".repeat(32))) {
      Frame.Error error =
          refused(wire, "alice", c -> new Frame.Proof(nonce, "00".repeat(32), "", ""));
      assertThat(error.code()).as(nonce).isEqualTo(Refusal.MALFORMED.code());
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void whatWasSaidBeforeAWrongProofIsNeverTaken(Wire wire) throws Exception {
    try (TestPeer alice = proven(siege.address(), wire, "alice");
        TestPeer thief = TestPeer.connect(siege.address(), wire)) {
      thief.say(hello("bob"));
      String challenge = thief.expect(Frame.Challenge.class).nonce();
      thief.tell("alice", "stolen");
      thief.say(proof(KEY, Side.PEER, "bob", challenge, HandshakeProof.nonce()));
      assertNotAuthenticated(thief.expect(Frame.Error.class), "wrong key");
      thief.awaitEnd();
      alice.tell("alice", "mine");
      Frame.Message message = alice.expect(Frame.Message.class);
      assertThat(message.from()).isEqualTo("alice");
      assertThat(message.body().asText()).isEqualTo("mine");
      alice.say(new Frame.Bye(""));
    }
  }

  @Test
  void whoHasNoKeyIsUnknownAsAReceiver() throws Exception {
    try (TestPeer alice = proven(siege.address(), Wire.JSON, "alice")) {
      alice.say(TestPeer.send("nobody", "x", "", 1, Confirmation.NONE));
      assertThat(alice.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.UNKNOWN_PEER.code());
      alice.say(new Frame.Bye(""));
    }
  }
}
