package io.peerhub.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8, as RFC 3629 has it: overlong forms, surrogates and what lies beyond U+10FFFF are
 * refused, where the JDK's decoder would put a replacement character. Eight bytes of ASCII are
 * checked at a time, since nearly everything is ASCII.
 */
final class Utf8 {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /** Where the first byte that is not ASCII stands; {@code to} if there is none. */
  static int asciiEnd(byte[] bytes, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += Long.BYTES;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  static boolean isValid(byte[] bytes, int from, int to) {
    int i = asciiEnd(bytes, from, to);
    while (i < to) {
      int size = sequenceSize(bytes, i, to);
      if (size == 0) {
        return false;
      }
      i = asciiEnd(bytes, i + size, to);
    }
    return true;
  }

  /** The size of the well-formed sequence of more than one byte at {@code i}; 0 if it is not. */
  private static int sequenceSize(byte[] bytes, int i, int to) {
    int lead = bytes[i] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    int size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (to - i < size || !secondFits(lead, bytes[i + 1] & 0xff)) {
      return 0;
    }
    for (int k = 2; k < size; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /** The second byte decides on overlong forms, surrogates and the end of Unicode. */
  private static boolean secondFits(int lead, int second) {
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
  }

  /**
   * How many bytes a text has in UTF-8; a lone surrogate counts as the question mark it becomes.
   */
  static int length(String text) {
    int length = text.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) >= 0x80) {
        bytes += surplus(text, i);
      }
    }
    return bytes;
  }

  /** What a character needs on top of one byte; half of a pair has half of its four bytes. */
  private static int surplus(String text, int i) {
    char c = text.charAt(i);
    if (Character.isSurrogate(c)) {
      return isLoneSurrogate(text, i) ? 0 : 1;
    }
    return c < 0x800 ? 1 : 2;
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Whether a text has half of a surrogate pair: JSON can write one, UTF-8 cannot. */
  static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i)) && isLoneSurrogate(text, i)) {
        return true;
      }
    }
    return false;
  }
}
