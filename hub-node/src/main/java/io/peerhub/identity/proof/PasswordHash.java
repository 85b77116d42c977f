package io.peerhub.identity.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password's hash by Argon2id, in the form that its reference implementation writes ({@code
 * $argon2id$v=19$m=...,t=...,p=...$SALT$HASH}): what it cost is in it, and it can come from
 * elsewhere. Passwords are compared as Unicode says they are equal (NFC).
 */
public final class PasswordHash {
  static final int MEMORY_MAX_KIB = 256 * 1024;
  static final int PASSES_MAX = 16;
  static final int LANES_MAX = 16;

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  /** Takes as long as the settings say. */
  public static PasswordHash of(String password, PasswordSettings cost) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    PasswordHash empty =
        new PasswordHash(cost.memoryKib(), cost.passes(), cost.lanes(), salt, new byte[HASH_BYTES]);
    return new PasswordHash(
        cost.memoryKib(), cost.passes(), cost.lanes(), salt, empty.hashOf(password));
  }

  /** Empty if it is not of that form, or would cost beyond all measure. */
  public static Optional<PasswordHash> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int memoryKib = Integer.parseInt(parts.group(1));
    int passes = Integer.parseInt(parts.group(2));
    int lanes = Integer.parseInt(parts.group(3));
    boolean bounded =
        within(lanes, 1, LANES_MAX)
            && within(passes, 1, PASSES_MAX)
            && within(memoryKib, 8 * lanes, MEMORY_MAX_KIB);
    try {
      return bounded
          ? Optional.of(
              new PasswordHash(
                  memoryKib, passes, lanes, decoded(parts.group(4)), decoded(parts.group(5))))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Whether it is the hash of this password; takes as long as it took to make. */
  boolean matches(String password) {
    return MessageDigest.isEqual(hash, hashOf(password));
  }

  /** As it is stored. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, lanes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "PasswordHash[***]";
  }

  private byte[] hashOf(String password) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] result = new byte[hash.length];
    String normal = Normalizer.normalize(password, Normalizer.Form.NFC);
    generator.generateBytes(normal.getBytes(StandardCharsets.UTF_8), result);
    return result;
  }

  private static boolean within(int value, int least, int most) {
    return value >= least && value <= most;
  }

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
