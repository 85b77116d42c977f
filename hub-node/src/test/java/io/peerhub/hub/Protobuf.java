package io.peerhub.hub;

import io.peerhub.hub.TestPeer.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Protobuf by hand, for frames that no codec would write. */
final class Protobuf {
  private Protobuf() {}

  static byte[] field(int number, byte[]... parts) {
    byte[] content = joined(parts);
    return joined(Wire.varint(number << 3 | 2), Wire.varint(content.length), content);
  }

  static byte[] field(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] field(int number, long value) {
    return joined(Wire.varint(number << 3), Wire.varint(value));
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
