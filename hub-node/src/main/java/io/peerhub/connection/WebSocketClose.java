package io.peerhub.connection;

import io.peerhub.protocol.wire.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The close frames of WebSocket and their codes. */
final class WebSocketClose {
  static final int NORMAL = 1000;
  static final int PROTOCOL_ERROR = 1002;
  static final int NOT_UTF8 = 1007;
  static final int TOO_BIG = 1009;

  /** A close that carried no code; never written. */
  private static final int NONE = 0;

  private WebSocketClose() {}

  /** What a peer's close is answered with: its own code, or that of its fault. */
  static int answer(byte[] bytes, int from, int length) {
    if (length == 0) {
      return NONE;
    }
    if (length == 1) {
      return PROTOCOL_ERROR;
    }
    int code = (bytes[from] & 0xff) << 8 | bytes[from + 1] & 0xff;
    if (!mayBeSent(code)) {
      return PROTOCOL_ERROR;
    }
    return isUtf8(bytes, from + 2, length - 2) ? code : NOT_UTF8;
  }

  static boolean isFault(int answer) {
    return answer == PROTOCOL_ERROR || answer == NOT_UTF8;
  }

  private static boolean mayBeSent(int code) {
    return code >= 1000 && code <= 1003
        || code >= 1007 && code <= 1014
        || code / 1000 == 3
        || code / 1000 == 4;
  }

  static boolean isUtf8(byte[] bytes, int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  static void write(int code, ByteSink out) {
    WebSocketHeader.write(WebSocketHeader.CLOSE, code == NONE ? 0 : 2, out);
    if (code != NONE) {
      out.put((byte) (code >>> 8));
      out.put((byte) code);
    }
  }
}
