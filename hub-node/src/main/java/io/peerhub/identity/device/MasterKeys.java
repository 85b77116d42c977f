package io.peerhub.identity.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that seal the keys of devices: the current one, and older ones that still open. Each is
 * known by a name that is derived from it and tells nothing about it.
 *
 * <p>What is written in the file is no AES key itself: that is derived from it, so that the same 32
 * bytes could serve another purpose without the two ever meeting.
 */
public final class MasterKeys {
  private static final int BYTES = 32;
  private static final int NAME_BYTES = 8;
  private static final int KEYS_MAX = 16;
  private static final String DERIVATION = "HmacSHA256";

  /** One of them. */
  record MasterKey(String name, SecretKey aes) {
    /** Names no secret. */
    @Override
    public String toString() {
      return "MasterKey[" + name + "]";
    }
  }

  private final List<MasterKey> keys;

  private MasterKeys(List<MasterKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads them: from the text of the environment's variable if there is one, else from the file.
   *
   * @param makes whether a file that is not there is made, with one random key, for its owner alone
   * @throws IOException if there are none, or every account of the machine can get at them
   * @throws IllegalArgumentException if a line is no key; names the line, never what is in it
   */
  public static MasterKeys find(Optional<String> variable, Path file, boolean makes)
      throws IOException {
    if (variable.isPresent() && !variable.get().isBlank()) {
      return parse("HUB_MASTER_KEY", List.of(variable.get().strip().split("[\\s,]+")));
    }
    if (makes && !Files.exists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      SecretFile.make(file, HexFormat.of().formatHex(random) + "\n");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no master key in " + file);
    }
    if (SecretFile.isExposed(file)) {
      throw new IOException(
          "every account of this machine can get at the master key: chmod 600 " + file);
    }
    return parse(file.toString(), Files.readAllLines(file, StandardCharsets.US_ASCII));
  }

  static MasterKeys parse(String where, List<String> lines) {
    List<MasterKey> keys = new ArrayList<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        keys.add(key(line.strip(), where, number));
      }
    }
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException(where + " holds 1 to " + KEYS_MAX + " master keys");
    }
    return new MasterKeys(keys);
  }

  /** The one that seals. */
  MasterKey current() {
    return keys.getFirst();
  }

  /** The one of this name, if it is there still. */
  Optional<MasterKey> named(String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private static MasterKey key(String hex, String where, int number) {
    byte[] root;
    try {
      root = HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException notHex) {
      root = new byte[0];
    }
    if (root.length != BYTES) {
      throw new IllegalArgumentException(
          where + ", line " + number + ": a master key is " + 2 * BYTES + " hex digits");
    }
    byte[] name = derived(root, "peerhub:1:master-key:name");
    return new MasterKey(
        HexFormat.of().formatHex(name, 0, NAME_BYTES),
        new SecretKeySpec(derived(root, "peerhub:1:master-key:seal"), "AES"));
  }

  private static byte[] derived(byte[] root, String purpose) {
    try {
      Mac mac = Mac.getInstance(DERIVATION);
      mac.init(new SecretKeySpec(root, DERIVATION));
      return mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(DERIVATION + " is in every JDK", impossible);
    }
  }
}
