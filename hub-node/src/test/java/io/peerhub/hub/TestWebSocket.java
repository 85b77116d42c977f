package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;

import io.peerhub.protocol.wire.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The client's side of a WebSocket, as far as a test peer needs it: bytes in, bytes out. */
final class TestWebSocket implements Framing {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int LAST = 0x80;
  private static final int CLOSE = 8;
  private static final byte[] MASK = {1, 2, 3, 4};

  private int offset;
  private int length;
  private int end;
  private volatile int closeCode;

  /** Asks for the upgrade and waits for the answer. */
  static void upgrade(Socket socket) throws IOException {
    String head =
        "GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("no upgrade: " + answer);
      }
      answer.append((char) read);
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("no upgrade: " + answer);
    }
    socket.setSoTimeout(0);
  }

  /** A masked frame with its length in the shortest form. */
  static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
    out.writeBytes(header(first, payload.length));
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ MASK[i % MASK.length]);
    }
    return out.toByteArray();
  }

  /** The header alone of a masked frame that claims this length. */
  static byte[] header(int first, long length) {
    ByteBuffer out = ByteBuffer.allocate(14);
    out.put((byte) first);
    if (length >= 0 && length < 126) {
      out.put((byte) (0x80 | length));
    } else if (length >= 0 && length < 1 << 16) {
      out.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      out.put((byte) (0x80 | 127)).putLong(length);
    }
    out.put(MASK);
    byte[] header = new byte[out.position()];
    out.flip().get(header);
    return header;
  }

  /** The code with which the hub has closed; 0 if it has not. */
  int closeCode() {
    return closeCode;
  }

  @Override
  public boolean next(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 2) {
      int code = bytes[at + 1] & 0x7f;
      int extended = code == 127 ? 8 : code == 126 ? 2 : 0;
      if (to - at < 2 + extended) {
        return false;
      }
      ByteBuffer number = ByteBuffer.wrap(bytes, at + 2, to - at - 2);
      length =
          extended == 8
              ? (int) number.getLong()
              : extended == 2 ? number.getShort() & 0xffff : code;
      offset = at + 2 + extended;
      end = offset + length;
      if (end > to) {
        return false;
      }
      if ((bytes[at] & 0x0f) < CLOSE) {
        return true;
      }
      if ((bytes[at] & 0x0f) == CLOSE) {
        closeCode = ByteBuffer.wrap(bytes, offset, length).getShort() & 0xffff;
      }
      at = end;
    }
    return false;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public void limit(int maxFrame) {
    throw new UnsupportedOperationException("a test peer takes what comes");
  }
}
