package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;

/**
 * The names that were read lately. A connection names the same few peers again and again: a name
 * found here costs a comparison and no new string, and one string for the whole way through the
 * hub. A small table in which a new name takes the place of an old one: bounded, whatever a peer
 * sends.
 */
final class TextCache {
  /** Names that are longer than this come rarely twice. */
  private static final int LENGTH_MAX = 64;

  private static final int SLOTS = 128;
  private String[] slots;

  /** The text of bytes that are known to be ASCII. */
  String ascii(byte[] bytes, int from, int to) {
    if (to - from > LENGTH_MAX) {
      return newText(bytes, from, to);
    }
    if (slots == null) {
      slots = new String[SLOTS];
    }
    int slot = slot(bytes, from, to);
    String text = slots[slot];
    if (text == null || !equals(text, bytes, from, to)) {
      text = newText(bytes, from, to);
      slots[slot] = text;
    }
    return text;
  }

  private static String newText(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static int slot(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> 9) & SLOTS - 1;
  }

  private static boolean equals(String text, byte[] bytes, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
