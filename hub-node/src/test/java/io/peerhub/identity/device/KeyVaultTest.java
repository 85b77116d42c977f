package io.peerhub.identity.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyVaultTest {
  private static final Identity PHONE = new Identity("alice/phone");
  private static final byte[] SECRET =
      "a secret of 32 bytes, at least so".getBytes(StandardCharsets.UTF_8);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  private final KeyVault vault = vault(TestVault.MASTER);

  @Test
  void opensWhatItHasSealedForThisPlaceAlone() {
    SealedKey key = vault.seal(PHONE, Kind.HMAC, SECRET);

    assertThat(vault.open(PHONE, key)).hasValue(SECRET);
    for (String other : List.of("alice", "alice/tablet", "bob/phone", "alice/Phone")) {
      assertThat(vault.open(new Identity(other), key)).as("copied to " + other).isEmpty();
    }
    assertThat(vault.open(PHONE, as("another", key.kind(), key))).as("another id").isEmpty();
    assertThat(vault.open(PHONE, as(key.keyId(), Kind.PASSWORD, key))).as("a kind").isEmpty();
  }

  @Test
  void namesThatTouchAreNotTheSamePlace() {
    SealedKey key = vault.seal(new Identity("a/bc"), Kind.HMAC, SECRET);

    assertThat(vault.open(new Identity("ab/c"), key)).isEmpty();
  }

  @Test
  void whatWasChangedOpensNothing() {
    SealedKey key = vault.seal(PHONE, Kind.HMAC, SECRET);
    for (int i = 0; i < key.sealed().length; i++) {
      byte[] changed = key.sealed().clone();
      changed[i] ^= 1;
      assertThat(vault.open(PHONE, with(key, key.nonce(), changed))).isEmpty();
    }
    byte[] nonce = key.nonce().clone();
    nonce[0] ^= 1;
    assertThat(vault.open(PHONE, with(key, nonce, key.sealed()))).isEmpty();
    assertThat(vault.open(PHONE, with(key, new byte[3], key.sealed()))).isEmpty();
    assertThat(vault.open(PHONE, with(key, key.nonce(), new byte[16]))).isEmpty();
  }

  @Test
  void anOlderMasterKeyOpensAndTheNewOneSeals() {
    SealedKey old = vault.seal(PHONE, Kind.HMAC, SECRET);
    KeyVault rotated = vault(OTHER, TestVault.MASTER);

    assertThat(rotated.open(PHONE, old)).hasValue(SECRET);
    assertThat(rotated.isCurrent(old)).isFalse();
    SealedKey again = rotated.sealAgain(PHONE, old).orElseThrow();
    assertThat(rotated.isCurrent(again)).isTrue();
    assertThat(again.keyId()).isEqualTo(old.keyId());
    assertThat(vault(OTHER).open(PHONE, again)).hasValue(SECRET);
    assertThat(vault(OTHER).open(PHONE, old)).as("its master key is gone").isEmpty();
  }

  @Test
  void noTwoSealedKeysAreAlikeAndNoneShowsItsSecret() {
    SealedKey one = vault.seal(PHONE, Kind.HMAC, SECRET);
    SealedKey two = vault.seal(PHONE, Kind.HMAC, SECRET);

    assertThat(one.nonce()).isNotEqualTo(two.nonce());
    assertThat(one.sealed()).isNotEqualTo(two.sealed());
    assertThat(new String(one.sealed(), StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    assertThat(one.toString() + one.masterKey()).doesNotContain(TestVault.MASTER.substring(0, 8));
  }

  private static KeyVault vault(String... masters) {
    return new KeyVault(MasterKeys.parse("test", List.of(masters)));
  }

  private static SealedKey as(String id, Kind kind, SealedKey key) {
    return new SealedKey(id, kind, key.masterKey(), key.nonce(), key.sealed());
  }

  private static SealedKey with(SealedKey key, byte[] nonce, byte[] sealed) {
    return new SealedKey(key.keyId(), key.kind(), key.masterKey(), nonce, sealed);
  }
}
