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

  /**
   * It is not, or may not, or that could not be found out.
   *
   * @param retryAfterMs when another proof is worth a try; 0 where that is not known
   */
  public record Refused(Refusal refusal, int retryAfterMs) implements Verdict {
    /** How long a store that does not answer is left alone, in milliseconds. */
    private static final int STORE_AGAIN_MS = 1_000;

    public Refused(Refusal refusal) {
      this(refusal, refusal == Refusal.STORE_UNAVAILABLE ? STORE_AGAIN_MS : 0);
    }

    /** The store could not be asked. */
    public static Refused unavailable() {
      return new Refused(Refusal.STORE_UNAVAILABLE);
    }
  }

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
