package io.peerhub.identity.device;

import io.peerhub.identity.device.MasterKeys.MasterKey;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals the keys of devices, and opens them: AES-256-GCM under the master key.
 *
 * <p>What is sealed is bound to its place: the name, the device, the kind and the key's own id are
 * authenticated with it. A row that somebody copies to another device, or changes, opens nothing.
 * Nonces are random: the limit of 2^32 of them for one master key is beyond any number of devices.
 * Safe for any thread.
 */
public final class KeyVault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_ID_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MasterKeys masters;
  private final SealedKey nobodys;

  public KeyVault(MasterKeys masters) {
    this.masters = masters;
    this.nobodys = seal(NOBODY, Kind.HMAC, new byte[Long.BYTES * 4]);
  }

  private static final Identity NOBODY = new Identity("nobody");

  /** Seals a secret of this device under a new key id. */
  public SealedKey seal(Identity identity, Kind kind, byte[] secret) {
    return seal(identity, HexFormat.of().formatHex(random(KEY_ID_BYTES)), kind, secret);
  }

  /** Seals what was sealed by any of the master keys again, by the current one. */
  Optional<SealedKey> sealAgain(Identity identity, SealedKey key) {
    return open(identity, key).map(secret -> seal(identity, key.keyId(), key.kind(), secret));
  }

  /** Whether the current master key has sealed this. */
  boolean isCurrent(SealedKey key) {
    return key.masterKey().equals(masters.current().name());
  }

  /**
   * The secret; empty if its master key is not there, or if it was not sealed for this device and
   * as it stands.
   */
  public Optional<byte[]> open(Identity identity, SealedKey key) {
    Optional<MasterKey> master = masters.named(key.masterKey());
    if (master.isEmpty() || key.nonce().length != NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, master.get(), key.nonce());
      cipher.updateAAD(place(identity, key.keyId(), key.kind()));
      return Optional.of(cipher.doFinal(key.sealed()));
    } catch (GeneralSecurityException notSealedHere) {
      return Optional.empty();
    }
  }

  /** Takes as long as opening a key does: for who has none. */
  public void openNothing() {
    open(NOBODY, nobodys);
  }

  private SealedKey seal(Identity identity, String keyId, Kind kind, byte[] secret) {
    byte[] nonce = random(NONCE_BYTES);
    MasterKey master = masters.current();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, master, nonce);
      cipher.updateAAD(place(identity, keyId, kind));
      return new SealedKey(keyId, kind, master.name(), nonce, cipher.doFinal(secret));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(CIPHER + " is in every JDK", impossible);
    }
  }

  private static Cipher cipher(int mode, MasterKey master, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, master.aes(), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  /** No part has a line break, so no two places have the same bytes. */
  private static byte[] place(Identity identity, String keyId, Kind kind) {
    return String.join(
            "\n",
            "peerhub:1:device-key",
            identity.name(),
            identity.device(),
            keyId,
            kind.name().toLowerCase(Locale.ROOT))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
