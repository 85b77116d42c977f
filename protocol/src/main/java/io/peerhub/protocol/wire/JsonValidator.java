package io.peerhub.protocol.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;

/** Judges the json bodies of the binary wire, by the same rules as those inside of a JSON line. */
final class JsonValidator {
  private JsonValidator() {}

  /**
   * The same JSON value without the white space around it, which is no part of it, and without the
   * line breaks between its tokens, which a JSON line could not hold; the same array if there are
   * none; null if the bytes are not exactly one valid value.
   */
  static byte[] validated(byte[] bytes) {
    try (JsonParser parser = StrictJson.body(bytes)) {
      if (parser == null || parser.nextToken() == null) {
        return null;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null ? trimmed(bytes) : null;
    } catch (IOException | IllegalStateException malformed) {
      return null;
    }
  }

  private static byte[] trimmed(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    while (isWhiteSpace(bytes[from])) {
      from++;
    }
    while (isWhiteSpace(bytes[to - 1])) {
      to--;
    }
    return withoutLineBreaks(bytes, from, to);
  }

  private static boolean isWhiteSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /** A copy of a valid value without its line breaks: inside of a string there can be none. */
  static byte[] withoutLineBreaks(byte[] bytes, int from, int to) {
    byte[] copy = null;
    int kept = 0;
    for (int i = from; i < to; i++) {
      boolean lineBreak = bytes[i] == '\n' || bytes[i] == '\r';
      if (lineBreak && copy == null) {
        copy = Arrays.copyOfRange(bytes, from, to);
        kept = i - from;
      } else if (!lineBreak && copy != null) {
        copy[kept++] = bytes[i];
      }
    }
    if (copy != null) {
      return Arrays.copyOf(copy, kept);
    }
    return from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
  }
}
