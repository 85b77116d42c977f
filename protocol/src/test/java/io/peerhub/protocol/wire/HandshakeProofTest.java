package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandshakeProofTest {
  private final byte[] key = new byte[HandshakeProof.KEY_MIN];
  private final String hubNonce = HandshakeProof.nonce();
  private final String peerNonce = HandshakeProof.nonce();

  @Test
  void aNonceIsFreshAndReadyForTheWire() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      nonces.add(HandshakeProof.nonce());
    }

    assertThat(nonces).hasSize(1000).allMatch(nonce -> nonce.matches("[0-9a-f]{64}"));
  }

  @Test
  void aProofIsGoodForOneSideOnePeerAndOnePairOfNoncesAlone() {
    String mac = HandshakeProof.mac(key, Side.PEER, "alice", hubNonce, peerNonce);

    assertThat(HandshakeProof.matches(mac, proof(Side.PEER, "alice", hubNonce, peerNonce)))
        .isTrue();
    assertThat(HandshakeProof.matches(mac, proof(Side.HUB, "alice", hubNonce, peerNonce)))
        .isFalse();
    assertThat(HandshakeProof.matches(mac, proof(Side.PEER, "alice/a", hubNonce, peerNonce)))
        .isFalse();
    assertThat(HandshakeProof.matches(mac, proof(Side.PEER, "alice", peerNonce, hubNonce)))
        .isFalse();
    assertThat(HandshakeProof.matches(mac, "")).isFalse();
    assertThat(HandshakeProof.matches(mac, mac.toUpperCase(java.util.Locale.ROOT))).isFalse();
  }

  private String proof(Side side, String peer, String hub, String own) {
    return HandshakeProof.mac(key, side, peer, hub, own);
  }

  @Test
  void aShortKeyIsNotTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HandshakeProof.mac(new byte[31], Side.PEER, "a", hubNonce, peerNonce))
        .withMessage("a key has at least 32 bytes");
  }

  @Test
  void noSecretShowsInAFrameThatIsPrinted() {
    assertThat(new Frame.Proof(peerNonce, "mac", "swordfish", "token").toString())
        .isEqualTo("Proof[***]");
  }
}
