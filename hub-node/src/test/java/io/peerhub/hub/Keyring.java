package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Peers of tests that prove who they are by a key. */
final class Keyring {
  private Keyring() {}

  static byte[] key(String seed) {
    return (seed + "-").repeat(32).substring(0, 40).getBytes(StandardCharsets.US_ASCII);
  }

  static Frame.Hello hello(String name, String method) {
    return new Frame.Hello(
        1, name, method, "test/7", Optional.empty(), "auto", 0, 0, List.of(), "", Map.of());
  }

  /** A peer that has proven itself, and holds the hub to the same. */
  static TestPeer live(InetSocketAddress address, String name, byte[] key) throws Exception {
    TestPeer peer = TestPeer.connect(address, Wire.JSON);
    peer.say(hello(name, "hmac"));
    String challenge = peer.expect(Frame.Challenge.class).nonce();
    String nonce = HandshakeProof.nonce();
    peer.say(proof(name, key, challenge, nonce));
    assertThat(peer.expect(Frame.Welcome.class).mac())
        .isEqualTo(HandshakeProof.mac(key, Side.HUB, name, challenge, nonce));
    return peer;
  }

  /** The code of the error that somebody with this key gets. */
  static int refused(InetSocketAddress address, String name, byte[] key) throws Exception {
    try (TestPeer peer = TestPeer.connect(address, Wire.JSON)) {
      peer.say(hello(name, "hmac"));
      String challenge = peer.expect(Frame.Challenge.class).nonce();
      peer.say(proof(name, key, challenge, HandshakeProof.nonce()));
      int code = peer.expect(Frame.Error.class).code();
      peer.awaitEnd();
      return code;
    }
  }

  static Frame.Proof proof(String name, byte[] key, String challenge, String nonce) {
    return new Frame.Proof(
        nonce, HandshakeProof.mac(key, Side.PEER, name, challenge, nonce), "", "");
  }
}
