package io.peerhub.client;

import io.peerhub.protocol.wire.HandshakeProof;

/** How a client proves who it is. */
public sealed interface Credentials {
  /** Nothing is proven: for a hub in development mode only. */
  static Credentials none() {
    return new None();
  }

  /**
   * A key that the hub knows too. The hub has to prove that it does: one that cannot is left before
   * anything is said to it.
   *
   * @param key at least 32 bytes; copied
   */
  static Credentials hmac(byte[] key) {
    return new Hmac(key.clone());
  }

  /** No proof. */
  record None() implements Credentials {}

  /** Proof by HMAC-SHA256. */
  record Hmac(byte[] key) implements Credentials {
    public Hmac {
      if (key.length < HandshakeProof.KEY_MIN) {
        throw new IllegalArgumentException(
            "a key has at least " + HandshakeProof.KEY_MIN + " bytes");
      }
    }

    /** Names no secret. */
    @Override
    public String toString() {
      return "Hmac[***]";
    }
  }
}
