package io.peerhub.client;

import io.peerhub.protocol.wire.HandshakeProof;
import java.util.Objects;
import java.util.function.Supplier;

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

  /**
   * A password, which the hub is told: inside of TLS, or to a hub on the same machine, and to no
   * other.
   */
  static Credentials password(String password) {
    return new Password(password);
  }

  /**
   * A signed token (JWT) for this peer, which the hub is told under the same condition.
   *
   * @param current asked for each connection, on the client's thread: a token has an end
   */
  static Credentials token(Supplier<String> current) {
    return new Token(current);
  }

  /** No proof. */
  record None() implements Credentials {}

  /** Proof by a password. */
  record Password(String password) implements Credentials {
    public Password {
      if (password.isEmpty()) {
        throw new IllegalArgumentException("a password is not empty");
      }
    }

    /** Names no secret. */
    @Override
    public String toString() {
      return "Password[***]";
    }
  }

  /** Proof by a token. */
  record Token(Supplier<String> current) implements Credentials {
    public Token {
      Objects.requireNonNull(current, "current");
    }

    /** Names no secret. */
    @Override
    public String toString() {
      return "Token[***]";
    }
  }

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
