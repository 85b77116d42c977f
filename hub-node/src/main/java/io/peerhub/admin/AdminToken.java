package io.peerhub.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's token: 32 random bytes in hex, in a file that only its owner may read. Whoever can
 * read the file is the operator. The value is never logged and has no {@code toString}.
 */
final class AdminToken {
  private static final int BYTES = 32;
  private static final String SCHEME = "Bearer ";
  private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);

  private final byte[] token;

  private AdminToken(byte[] token) {
    this.token = token;
  }

  /**
   * Reads the token, making it if there is none.
   *
   * @throws IOException if the file cannot be read or made, or holds something else
   */
  static AdminToken in(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!text.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
      throw new IOException(file + " does not hold a token; remove it, and a new one is made");
    }
    return new AdminToken(text.getBytes(StandardCharsets.US_ASCII));
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

  private static void make(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    // Written under another name first: nobody ever reads half a token.
    Path draft = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(draft);
    Files.createFile(draft, ownerOnly(folder));
    Files.writeString(draft, HexFormat.of().formatHex(random) + "\n", StandardOpenOption.WRITE);
    try {
      // A link, since a move would replace the token of a node that starts at the same time.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException anotherNodeWasFaster) {
      LOG.debug("another node made the token");
    } finally {
      Files.delete(draft);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
    Set<String> views = folder.getFileSystem().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
