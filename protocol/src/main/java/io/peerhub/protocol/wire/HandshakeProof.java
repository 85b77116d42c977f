package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof that both sides of a handshake know the key, without telling it.
 *
 * <pre>
 *   mac = HMAC-SHA256(key, "peerhub:1:" + side + ":" + peer + ":" + hub nonce + ":" + peer nonce)
 * </pre>
 *
 * <p>The nonces enter as they travelled, in lower-case hex. Since both are in it, a proof is good
 * for this one conversation; since the side is in it, the hub's own proof cannot be sent back to
 * it. It guards the opening, not what follows: that is what TLS is for.
 */
public final class HandshakeProof {
  /** Shorter keys are not taken, in bytes. */
  public static final int KEY_MIN = 32;

  private static final int NONCE_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private HandshakeProof() {}

  /** Whose proof it is: a part of what is proven. */
  public enum Side {
    PEER("peer"),
    HUB("hub");

    private final String word;

    Side(String word) {
      this.word = word;
    }
  }

  /** A fresh nonce: 32 random bytes in lower-case hex. */
  public static String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * The proof of one side, in lower-case hex.
   *
   * @throws IllegalArgumentException if the key has less than {@value #KEY_MIN} bytes
   */
  public static String mac(byte[] key, Side side, String peer, String hubNonce, String peerNonce) {
    if (key.length < KEY_MIN) {
      throw new IllegalArgumentException("a key has at least " + KEY_MIN + " bytes");
    }
    String proven = "peerhub:1:" + side.word + ":" + peer + ":" + hubNonce + ":" + peerNonce;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(proven.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(ALGORITHM + " is in every JDK", impossible);
    }
  }

  /** Whether a proof is the expected one, in a time that does not tell how much of it is right. */
  public static boolean matches(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
