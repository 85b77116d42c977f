package io.peerhub.identity;

import io.peerhub.identity.proof.Caller;
import io.peerhub.identity.proof.Proving;
import io.peerhub.identity.proof.Proving.Claim;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * One challenge to one connection: a fresh nonce, good once. It lives as long as the connection's
 * handshake may, which is 10 s; a proof for another connection's nonce does not fit.
 */
public final class Handshake {
  /** What a proof comes to. */
  public sealed interface Verdict {}

  /**
   * It is the one, and may come in.
   *
   * @param hubMac the hub's own proof, for the welcome; empty where the method has none
   * @param labels the labels of its device, as the store has them
   */
  public record Proven(String hubMac, Map<String, String> labels) implements Verdict {
    public Proven {
      labels = Map.copyOf(labels);
    }
  }

  /** It is not, or may not, or that could not be found out. */
  public record Refused(Refusal refusal) implements Verdict {}

  private final Judge judge;
  private final Proving method;
  private final Claim claim;

  Handshake(Judge judge, Proving method, Identity identity, Caller caller) {
    this.judge = judge;
    this.method = method;
    this.claim = new Claim(identity, caller, HandshakeProof.nonce());
  }

  /** The hub's nonce, as it travels. */
  public String nonce() {
    return claim.nonce();
  }

  /** Judges the proof of the claimed identity. Asked once; the stage does not fail. */
  public CompletionStage<Verdict> judge(Frame.Proof proof) {
    return judge.judge(method, claim, proof);
  }
}
