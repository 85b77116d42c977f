package io.peerhub.connection;

import io.peerhub.protocol.wire.ByteSink;

/**
 * The header of one WebSocket frame, and what RFC 6455 demands of it: lengths in their shortest
 * form, a mask from every client, no reserved bits, small whole control frames.
 */
final class WebSocketHeader {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int CONTROL_MAX = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MASK = 4;
  private static final int LAST = 0x80;

  int opcode;
  boolean last;

  /** Of the header itself, mask included. */
  int length;

  long payloadLength;

  /** What is wrong; null if nothing. */
  String fault;

  private int mask;

  /** Returns whether what is to be judged is there, and right; if not, {@link #fault} may tell. */
  boolean read(byte[] bytes, int from, int to) {
    fault = null;
    if (to - from < 2) {
      return false;
    }
    int first = bytes[from];
    int second = bytes[from + 1];
    opcode = first & 0x0f;
    last = first < 0;
    int code = second & 0x7f;
    fault = fault(first, second, code);
    if (fault != null) {
      return false;
    }
    int extended = code == LENGTH_64 ? Long.BYTES : code == LENGTH_16 ? Short.BYTES : 0;
    length = 2 + extended + MASK;
    if (to - from < 2 + extended) {
      return false;
    }
    payloadLength = extended == 0 ? code : number(bytes, from + 2, extended);
    if (payloadLength < 0 || extended > 0 && payloadLength <= shorterMax(extended)) {
      fault = "a length that is not in its shortest form";
      return false;
    }
    // Without its mask a frame is not whole, but its length is enough to refuse it by.
    if (to - from >= length) {
      mask = (int) number(bytes, from + 2 + extended, MASK);
    }
    return true;
  }

  boolean isControl() {
    return opcode >= CLOSE;
  }

  private String fault(int first, int second, int code) {
    if ((first & 0x70) != 0) {
      return "reserved bits";
    }
    if (opcode > BINARY && opcode < CLOSE || opcode > PONG) {
      return "an unknown opcode";
    }
    if (second >= 0) {
      return "a frame without a mask";
    }
    return isControl() && (!last || code > CONTROL_MAX) ? "a control frame in parts" : null;
  }

  private static long shorterMax(int extended) {
    return extended == Short.BYTES ? CONTROL_MAX : 0xffff;
  }

  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    for (int i = 0; i < count; i++) {
      number = number << 8 | bytes[from + i] & 0xff;
    }
    return number;
  }

  /** Takes the mask off the payload, in place. */
  void unmask(byte[] bytes, int from) {
    int to = from + (int) payloadLength;
    for (int i = from; i < to; i++) {
      bytes[i] ^= (byte) (mask >>> 24 - 8 * (i - from & 3));
    }
  }

  /** Writes the header of a whole message, as a server sends it: without a mask. */
  static void write(int opcode, int payloadLength, ByteSink out) {
    out.put((byte) (LAST | opcode));
    if (payloadLength <= CONTROL_MAX) {
      out.put((byte) payloadLength);
    } else if (payloadLength <= 0xffff) {
      out.put((byte) LENGTH_16);
      number(payloadLength, Short.BYTES, out);
    } else {
      out.put((byte) LENGTH_64);
      number(payloadLength, Long.BYTES, out);
    }
  }

  private static void number(long number, int count, ByteSink out) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      out.put((byte) (number >>> shift));
    }
  }
}
