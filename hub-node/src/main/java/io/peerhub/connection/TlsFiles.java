package io.peerhub.connection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The files of TLS as they were at one moment. They are compared by what is in them: whoever
 * replaces a certificate may keep its time and its size.
 */
final class TlsFiles {
  /** A chain or a key of more than this is something else. */
  private static final int FILE_MAX = 1 << 20;

  /** Lists of revoked certificates may be long. */
  private static final int LIST_MAX = 1 << 25;

  final byte[] certificate;
  final byte[] key;

  /** Null where peers show no certificate. */
  final byte[] authorities;

  /** Null where no list is consulted. */
  final byte[] revoked;

  private TlsFiles(byte[] certificate, byte[] key, byte[] authorities, byte[] revoked) {
    this.certificate = certificate;
    this.key = key;
    this.authorities = authorities;
    this.revoked = revoked;
  }

  /**
   * @throws IOException if one of them cannot be read, or is far too large; says which
   */
  static TlsFiles read(TlsSettings settings) throws IOException {
    return new TlsFiles(
        read(settings.certificate(), FILE_MAX),
        read(settings.key(), FILE_MAX),
        read(settings.clients().authorities(), FILE_MAX),
        read(settings.clients().revoked(), LIST_MAX));
  }

  boolean sameAs(TlsFiles other) {
    return Arrays.equals(certificate, other.certificate)
        && Arrays.equals(key, other.key)
        && Arrays.equals(authorities, other.authorities)
        && Arrays.equals(revoked, other.revoked);
  }

  private static byte[] read(Optional<Path> file, int max) throws IOException {
    return file.isEmpty() ? null : read(file.get(), max);
  }

  private static byte[] read(Path file, int max) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(max + 1);
      if (bytes.length > max) {
        throw new IOException(file + " has more than " + max + " bytes");
      }
      return bytes;
    }
  }
}
