package io.peerhub.admin;

import io.peerhub.identity.device.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The operator's token, in a file: 32 random bytes in hex that the node makes itself, readable by
 * its owner alone, or what somebody else has put there. Whoever can read the file is the operator.
 * The value is never logged and has no {@code toString}.
 */
final class AdminToken {
  private static final int BYTES = 32;
  private static final String SCHEME = "Bearer ";

  /** What a bearer token is made of (RFC 6750), and so much of it that nobody guesses it. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{32,256}=*");

  private static final int FILE_MAX = 1024;

  private final byte[] token;

  private AdminToken(byte[] token) {
    this.token = token;
  }

  /**
   * Reads the token, making it if there is none.
   *
   * @throws IOException if the file cannot be read or made, holds something else, or can be got at
   *     by every account of the machine
   */
  static AdminToken in(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      SecretFile.make(file, HexFormat.of().formatHex(random) + "\n");
    }
    return read(file, "; remove it, and a new one is made");
  }

  /**
   * Reads a token that somebody else has made; one that is not there is not made.
   *
   * @throws IOException as {@link #in}
   */
  static AdminToken given(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no file " + file + " for the admin token");
    }
    return read(file, ": at least 32 characters of A-Z a-z 0-9 . _ ~ + / -");
  }

  private static AdminToken read(Path file, String remedy) throws IOException {
    if (SecretFile.isExposed(file)) {
      throw new IOException(
          "every account of this machine can get at the admin token: chmod 600 " + file);
    }
    String text = Files.size(file) > FILE_MAX ? "" : ascii(file);
    if (!TOKEN.matcher(text).matches()) {
      throw new IOException(file + " does not hold a token" + remedy);
    }
    return new AdminToken(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String ascii(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
  }

  /** Whether this is the value of an {@code Authorization} header that lets its sender in. */
  boolean opens(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    String given = authorization.substring(SCHEME.length()).strip();
    // In time that does not depend on how many characters are right.
    return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
  }
}
