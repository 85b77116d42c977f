package io.peerhub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final Identity ALICE = new Identity("alice");
  private static final Identity BOB = new Identity("bob");
  private static final byte[] FIRST = key("first key of alice, 32 bytes long");
  private static final byte[] SECOND = key("second key of alice, for rotation");
  private static final byte[] BOBS = key("the key of bob is just as long as");

  private final Identities door =
      Identities.keyed(new Keys(Map.of(ALICE, List.of(FIRST, SECOND), BOB, List.of(BOBS))));

  @Test
  void aPeerWithItsKeyIsProvenAndGetsTheHubsOwnProof() {
    Handshake handshake = begin(ALICE);
    String nonce = HandshakeProof.nonce();

    Handshake.Verdict verdict = judge(handshake, proof(FIRST, ALICE, handshake.nonce(), nonce));

    assertThat(verdict)
        .isEqualTo(
            new Handshake.Proven(
                HandshakeProof.mac(FIRST, Side.HUB, "alice", handshake.nonce(), nonce)));
  }

  @Test
  void bothKeysAreGoodWhileOneReplacesTheOther() {
    for (byte[] key : List.of(FIRST, SECOND)) {
      Handshake handshake = begin(ALICE);
      Frame.Proof proof = proof(key, ALICE, handshake.nonce(), HandshakeProof.nonce());

      assertThat(judge(handshake, proof)).isInstanceOf(Handshake.Proven.class);
    }
  }

  @Test
  void aProofForAnotherConnectionIsRefused() {
    Handshake overheard = begin(ALICE);
    Frame.Proof proof = proof(FIRST, ALICE, overheard.nonce(), HandshakeProof.nonce());

    assertRefused(judge(begin(ALICE), proof));
  }

  @Test
  void theHubsOwnProofSentBackIsRefused() {
    Handshake handshake = begin(ALICE);
    String nonce = HandshakeProof.nonce();
    String reflected = HandshakeProof.mac(FIRST, Side.HUB, "alice", handshake.nonce(), nonce);

    assertRefused(judge(handshake, new Frame.Proof(nonce, reflected, "", "")));
  }

  @Test
  void oneIdentitysKeyOpensNoOther() {
    Handshake handshake = begin(ALICE);

    assertRefused(judge(handshake, proof(BOBS, ALICE, handshake.nonce(), HandshakeProof.nonce())));
    assertRefused(judge(handshake, proof(BOBS, BOB, handshake.nonce(), HandshakeProof.nonce())));
  }

  @Test
  void anUnknownIdentityIsChallengedAndRefusedLikeAWrongProof() {
    Identity nobody = new Identity("nobody");
    Handshake unknown = begin(nobody);
    Handshake wrong = begin(BOB);

    assertThat(unknown.nonce()).hasSameSizeAs(wrong.nonce());
    assertThat(judge(unknown, proof(FIRST, nobody, unknown.nonce(), HandshakeProof.nonce())))
        .isEqualTo(judge(wrong, proof(FIRST, BOB, wrong.nonce(), HandshakeProof.nonce())));
  }

  @Test
  void aProofWithoutMacIsRefused() {
    assertRefused(judge(begin(ALICE), new Frame.Proof(HandshakeProof.nonce(), "", "secret", "")));
  }

  @Test
  void everyChallengeIsFresh() {
    assertThat(begin(ALICE).nonce()).matches("[0-9a-f]{64}").isNotEqualTo(begin(ALICE).nonce());
  }

  @Test
  void aMethodThatIsNotOfferedIsTurnedAway() {
    for (String method : List.of("none", "", "password", "token", "HMAC")) {
      assertThat(door.admit(ALICE, method))
          .as(method)
          .isEqualTo(new Admission.Turned(Refusal.METHOD_NOT_OFFERED));
    }
    assertThat(Identities.open().admit(ALICE, "hmac"))
        .isEqualTo(new Admission.Turned(Refusal.METHOD_NOT_OFFERED));
  }

  @Test
  void withoutKeysEveryNameIsKnownAndWithThemOnlyTheirs() {
    assertThat(Identities.open().admit(ALICE, "none")).isEqualTo(new Admission.Free());
    assertThat(Identities.open().isKnown(new Identity("anybody"))).isTrue();
    assertThat(door.isKnown(ALICE)).isTrue();
    assertThat(door.isKnown(new Identity("Alice"))).isFalse();
  }

  @Test
  void aSourceThatCannotBeAskedLetsNobodyIn() {
    KeySource away =
        new KeySource() {
          @Override
          public CompletionStage<List<byte[]>> keysOf(Identity identity) {
            return CompletableFuture.failedFuture(new IllegalStateException("no connection"));
          }

          @Override
          public boolean isKnown(Identity identity) {
            return true;
          }
        };
    Admission.Prove met = (Admission.Prove) Identities.keyed(away).admit(ALICE, "hmac");

    assertThat(met.handshake().judge(new Frame.Proof(HandshakeProof.nonce(), "00", "", "")))
        .isCompletedExceptionally();
  }

  private Handshake begin(Identity identity) {
    return ((Admission.Prove) door.admit(identity, "hmac")).handshake();
  }

  private static Handshake.Verdict judge(Handshake handshake, Frame.Proof proof) {
    return handshake.judge(proof).toCompletableFuture().join();
  }

  private static void assertRefused(Handshake.Verdict verdict) {
    assertThat(verdict).isEqualTo(new Handshake.Refused(Refusal.NOT_AUTHENTICATED));
  }

  private static Frame.Proof proof(byte[] key, Identity identity, String hub, String peer) {
    String mac = HandshakeProof.mac(key, Side.PEER, identity.text(), hub, peer);
    return new Frame.Proof(peer, mac, "", "");
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private record Keys(Map<Identity, List<byte[]>> keys) implements KeySource {
    @Override
    public CompletionStage<List<byte[]>> keysOf(Identity identity) {
      return CompletableFuture.completedFuture(keys.getOrDefault(identity, List.of()));
    }

    @Override
    public boolean isKnown(Identity identity) {
      return keys.containsKey(identity);
    }
  }
}
