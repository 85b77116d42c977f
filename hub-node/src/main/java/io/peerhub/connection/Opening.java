package io.peerhub.connection;

import io.netty.buffer.ByteBuf;

/** What the first bytes of a connection say about the rest. */
enum Opening {
  JSON_LINES,
  BINARY,
  TLS,
  HTTP,
  /** Nothing that is spoken here. */
  UNKNOWN,
  /** Too few to tell. */
  UNDECIDED;

  /** Goes before the first frame of the binary wire; not part of it. */
  static final int MAGIC_LENGTH = 4;

  private static final byte[] MAGIC = {'P', 'H', 'B', '1'};
  private static final byte[] GET = {'G', 'E', 'T', ' '};
  private static final byte[] TLS_HANDSHAKE = {0x16, 0x03};

  /** Looks at the bytes, and takes none. */
  static Opening of(ByteBuf in) {
    if (!in.isReadable()) {
      return UNDECIDED;
    }
    return switch (in.getByte(in.readerIndex())) {
      case '{', ' ', '\t', '\r', '\n' -> JSON_LINES;
      case 'P' -> when(MAGIC, in, BINARY);
      case 'G' -> when(GET, in, HTTP);
      case 0x16 -> when(TLS_HANDSHAKE, in, TLS);
      default -> UNKNOWN;
    };
  }

  /** Whether frames follow at once. */
  boolean isNative() {
    return this == JSON_LINES || this == BINARY;
  }

  private static Opening when(byte[] expected, ByteBuf in, Opening opening) {
    int length = Math.min(expected.length, in.readableBytes());
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != expected[i]) {
        return UNKNOWN;
      }
    }
    return length == expected.length ? opening : UNDECIDED;
  }
}
