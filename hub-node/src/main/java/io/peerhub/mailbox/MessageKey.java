package io.peerhub.mailbox;

import io.peerhub.protocol.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** By what a message is found in the journal: a hash of its sender and of the sender's name. */
final class MessageKey {
  /** The first 64 bits of SHA-256: it is stored, so it may never change. */
  static long of(Identity from, String id) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(from.text().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(id.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }

  private MessageKey() {}
}
