package io.peerhub.connection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that can do everything wrong. */
final class WebSocketPeer implements AutoCloseable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final int FIN = 0x80;

  /** A frame of the hub. */
  record Received(int opcode, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  final TestPeer peer;

  WebSocketPeer(TestPeer peer) {
    this.peer = peer;
  }

  static WebSocketPeer open(TestPort port, String... headers) throws IOException {
    WebSocketPeer opened = new WebSocketPeer(new TestPeer(port));
    String answer = opened.request("/ws", headers);
    if (!answer.startsWith("HTTP/1.1 101")) {
      throw new IOException(answer);
    }
    return opened;
  }

  static String head(String path, String... headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + String.join("", headers)
        + "\r\n";
  }

  /** The status line and the headers of the answer. */
  String request(String path, String... headers) throws IOException {
    peer.send(head(path, headers));
    StringBuilder answer = new StringBuilder();
    for (String line = peer.line(); !line.equals("\r"); line = peer.line()) {
      answer.append(line).append('\n');
    }
    return answer.toString();
  }

  /** Sends a masked frame with a length in its shortest form. */
  WebSocketPeer send(int first, byte[] payload) throws IOException {
    peer.send(frame(first, payload));
    return this;
  }

  WebSocketPeer send(int first, String payload) throws IOException {
    return send(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    int length = payload.length;
    if (length < 126) {
      out.write(0x80 | length);
    } else if (length < 1 << 16) {
      out.write(0x80 | 126);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    byte[] mask = {1, 2, 3, 4};
    out.writeBytes(mask);
    for (int i = 0; i < length; i++) {
      out.write(payload[i] ^ mask[i % 4]);
    }
    return out.toByteArray();
  }

  Received receive() throws IOException {
    int first = peer.in.readUnsignedByte();
    int length = peer.in.readUnsignedByte();
    if (length == 126) {
      length = peer.in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) peer.in.readLong();
    }
    return new Received(first & 0x0f, peer.in.readNBytes(length));
  }

  /** The code with which the hub closes, whatever it says before. */
  int closeCode() throws IOException {
    Received received = receive();
    while (received.opcode() != CLOSE) {
      received = receive();
    }
    return received.closeCode();
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
