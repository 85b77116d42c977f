package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base64 as JSON carries it: read in the standard and the URL-safe alphabet, with and without
 * padding, as proto3 has it; written in the standard one with padding.
 */
final class Base64Text {
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (byte i = 0; i < ALPHABET.length; i++) {
      VALUES[ALPHABET[i]] = i;
    }
    VALUES['-'] = VALUES['+'];
    VALUES['_'] = VALUES['/'];
  }

  private Base64Text() {}

  /** The bytes; null if the characters are not base64, or if its leftover bits are not zero. */
  static byte[] decode(char[] text, int offset, int length) {
    int end = offset + withoutPadding(text, offset, length);
    int characters = end - offset;
    if (characters < 0 || characters % 4 == 1) {
      return null;
    }
    byte[] bytes = new byte[(int) (characters * 3L / 4)];
    int bits = 0;
    int count = 0;
    int at = 0;
    for (int i = offset; i < end; i++) {
      int value = text[i] < 128 ? VALUES[text[i]] : -1;
      if (value < 0) {
        return null;
      }
      bits = bits << 6 | value;
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes[at++] = (byte) (bits >>> count);
      }
    }
    return (bits & (1 << count) - 1) == 0 ? bytes : null;
  }

  /** The length without its padding; -1 where there is padding that does not fill the last four. */
  private static int withoutPadding(char[] text, int offset, int length) {
    int bare = length;
    while (bare > 0 && length - bare < 2 && text[offset + bare - 1] == '=') {
      bare--;
    }
    return bare == length || length % 4 == 0 ? bare : -1;
  }

  static void encode(byte[] bytes, ByteSink out) {
    int size = Math.multiplyExact((bytes.length + 2) / 3, 4);
    byte[] array = out.ensure(size);
    int at = out.length();
    int whole = bytes.length / 3 * 3;
    for (int i = 0; i < whole; i += 3) {
      int bits = (bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | bytes[i + 2] & 0xff;
      array[at++] = ALPHABET[bits >>> 18];
      array[at++] = ALPHABET[bits >>> 12 & 63];
      array[at++] = ALPHABET[bits >>> 6 & 63];
      array[at++] = ALPHABET[bits & 63];
    }
    if (whole < bytes.length) {
      boolean two = whole + 1 < bytes.length;
      int bits = (bytes[whole] & 0xff) << 16 | (two ? (bytes[whole + 1] & 0xff) << 8 : 0);
      array[at++] = ALPHABET[bits >>> 18];
      array[at++] = ALPHABET[bits >>> 12 & 63];
      array[at++] = two ? ALPHABET[bits >>> 6 & 63] : (byte) '=';
      array[at] = '=';
    }
    out.advance(size);
  }
}
