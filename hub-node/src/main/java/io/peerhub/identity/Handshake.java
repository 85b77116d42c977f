package io.peerhub.identity;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One challenge to one connection: a fresh nonce, good once. It lives as long as the connection's
 * handshake may, which is 10 s; a proof for another connection's nonce does not fit.
 */
public final class Handshake {
  /** What a proof is worth. */
  public sealed interface Verdict {}

  /**
   * It is the one.
   *
   * @param hubMac the hub's own proof, for the welcome
   */
  public record Proven(String hubMac) implements Verdict {}

  /** It is not, or that could not be found out. */
  public record Refused(Refusal refusal) implements Verdict {}

  private static final int KEYS_IN_ROTATION = 2;

  private final Identity identity;
  private final KeySource keys;
  private final String nonce = HandshakeProof.nonce();

  Handshake(Identity identity, KeySource keys) {
    this.identity = identity;
    this.keys = keys;
  }

  /** The hub's nonce, as it travels. */
  public String nonce() {
    return nonce;
  }

  /** Holds the proof against the keys of the claimed identity. Asked once. */
  public CompletionStage<Verdict> judge(Frame.Proof proof) {
    return keys.keysOf(identity).thenApply(found -> judge(proof, found));
  }

  private Verdict judge(Frame.Proof proof, List<byte[]> found) {
    // Always as many comparisons as an identity in rotation has keys, so that the time tells nobody
    // who exists: what is missing is compared with a key that nobody has.
    Verdict verdict = new Refused(Refusal.NOT_AUTHENTICATED);
    for (int i = 0; i < Math.max(KEYS_IN_ROTATION, found.size()); i++) {
      boolean real = i < found.size();
      byte[] key = real ? found.get(i) : Nobody.KEY;
      if (HandshakeProof.matches(mac(key, Side.PEER, proof), proof.mac()) && real) {
        verdict = new Proven(mac(key, Side.HUB, proof));
      }
    }
    return verdict;
  }

  private String mac(byte[] key, Side side, Frame.Proof proof) {
    return HandshakeProof.mac(key, side, identity.text(), nonce, proof.nonce());
  }

  /** The key of identities that do not exist. */
  private static final class Nobody {
    static final byte[] KEY =
        HandshakeProof.nonce()
            .substring(0, 32)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
