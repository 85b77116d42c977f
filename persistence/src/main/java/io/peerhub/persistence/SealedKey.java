package io.peerhub.persistence;

/**
 * A key that only the holder of a master key can open. The arrays belong to this record: nobody
 * writes to them.
 *
 * @param keyId names the key among those of its device
 * @param masterKey names the master key that sealed it
 * @param nonce 12 bytes, never used twice with that master key
 * @param sealed the ciphertext with its tag
 */
public record SealedKey(String keyId, Kind kind, String masterKey, byte[] nonce, byte[] sealed) {

  /** What is sealed. */
  public enum Kind {
    /** The key of a proof by HMAC. */
    HMAC,
    /** The hash of a password. */
    PASSWORD
  }

  /** Names no bytes: sealed or not, they belong in no log. */
  @Override
  public String toString() {
    return "SealedKey[" + kind + " " + keyId + " by " + masterKey + "]";
  }
}
