package io.peerhub.connection;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.SharedMessage;
import java.util.Arrays;

/**
 * Frames in WebSocket messages (RFC 6455): text holds JSON, binary holds Protobuf. Pings, closes
 * and fragments are handled here. No compression, which before authentication is a bomb.
 *
 * <p>Read by hand rather than by Netty's stages, so that a WebSocket costs no more than another
 * wire: the same batches, the same buffers, and no state of its own between messages.
 */
final class WebSocketWire extends Wire {
  /** A fragment with nothing in it, which is not the last, has no use; so many are suffered. */
  private static final int EMPTY_FRAGMENTS_MAX = 100;

  private static final byte[] NOTHING = {};

  private final Connection connection;
  private final ByteSink scratch;
  private final FrameCodec json;
  private final FrameCodec binary;
  private final WebSocketHeader header;

  /** What is spoken: asked for by subprotocol, else the kind of the peer's first message. */
  private FrameCodec spoken;

  private int maxFrame;

  /** The fragments so far, and the kind of message that they make; 0 if there is none. */
  private byte[] fragments = NOTHING;

  private int fragmentsLength;
  private int fragmentsOpcode;
  private int emptyFragmentCount;
  private int closeCode = WebSocketClose.NORMAL;

  /**
   * @param subprotocol {@link Upgrade#JSON}, {@link Upgrade#PROTO}, or empty
   */
  WebSocketWire(Connection connection, String subprotocol, int maxFrame) {
    this.connection = connection;
    Loop loop = connection.loop();
    this.scratch = loop.scratch;
    this.header = loop.header;
    this.json = loop.json;
    this.binary = loop.binary;
    this.maxFrame = maxFrame;
    switch (subprotocol) {
      case Upgrade.JSON -> spoken = json;
      case Upgrade.PROTO -> spoken = binary;
      default -> spoken = null;
    }
  }

  @Override
  String name() {
    return spoken == binary ? "websocket-binary" : "websocket-json";
  }

  @Override
  Frame.FromPeer next(byte[] bytes, int from, int to) throws BadFrame {
    end = from;
    while (connection.isOpen() && readHeader(bytes, to)) {
      int payload = end + header.length;
      int length = (int) header.payloadLength;
      header.unmask(bytes, payload);
      end = payload + length;
      if (header.isControl()) {
        control(bytes, payload, length);
      } else if (header.last && fragmentsOpcode == 0) {
        return decode(header.opcode, bytes, payload, length);
      } else {
        append(bytes, payload, length);
        if (header.last) {
          return decodeFragments();
        }
      }
    }
    return null;
  }

  /** Returns whether a whole frame is there; what is wrong with it is known before it is. */
  private boolean readHeader(byte[] bytes, int to) throws BadFrame {
    if (!header.read(bytes, end, to)) {
      if (header.fault != null) {
        learn();
        throw broken(WebSocketClose.PROTOCOL_ERROR, header.fault);
      }
      return false;
    }
    if (!header.isControl()) {
      boolean continues = header.opcode == WebSocketHeader.CONTINUATION;
      if (continues != (fragmentsOpcode != 0)) {
        throw broken(WebSocketClose.PROTOCOL_ERROR, "fragments out of order");
      }
      learn();
      if (header.payloadLength > maxFrame - fragmentsLength) {
        throw broken(WebSocketClose.TOO_BIG, "a message of more than " + maxFrame + " bytes");
      }
    }
    return header.payloadLength <= to - end - header.length;
  }

  /** From the header already: if all that follows is a refusal, the peer has to understand it. */
  private void learn() {
    if (spoken == null && header.opcode == WebSocketHeader.TEXT) {
      spoken = json;
    } else if (spoken == null && header.opcode == WebSocketHeader.BINARY) {
      spoken = binary;
    }
  }

  private void control(byte[] bytes, int from, int length) throws BadFrame {
    switch (header.opcode) {
      case WebSocketHeader.PING -> {
        // A peer that pings and does not read gets no answers piled up.
        if (connection.writable()) {
          ByteSink out = connection.outflow().sink();
          WebSocketHeader.write(WebSocketHeader.PONG, length, out);
          out.put(bytes, from, length);
        }
      }
      case WebSocketHeader.CLOSE -> {
        closeCode = WebSocketClose.answer(bytes, from, length);
        if (WebSocketClose.isFault(closeCode)) {
          throw broken(closeCode, "a close that is none");
        }
        connection.hangUp("closed by the peer");
      }
      default -> {} // A pong: the session's pings are frames, these are nobody's.
    }
  }

  private void append(byte[] bytes, int from, int length) throws BadFrame {
    if (header.opcode != WebSocketHeader.CONTINUATION) {
      fragmentsOpcode = header.opcode;
    }
    if (length == 0 && !header.last && ++emptyFragmentCount > EMPTY_FRAGMENTS_MAX) {
      throw broken(WebSocketClose.PROTOCOL_ERROR, "fragments without content");
    }
    int total = fragmentsLength + length;
    if (total > fragments.length) {
      fragments = Arrays.copyOf(fragments, Math.min(maxFrame, 2 * total));
    }
    System.arraycopy(bytes, from, fragments, fragmentsLength, length);
    fragmentsLength = total;
  }

  private Frame.FromPeer decodeFragments() throws BadFrame {
    byte[] message = fragments;
    int length = fragmentsLength;
    int opcode = fragmentsOpcode;
    fragments = NOTHING;
    fragmentsLength = 0;
    fragmentsOpcode = 0;
    emptyFragmentCount = 0;
    return decode(opcode, message, 0, length);
  }

  private Frame.FromPeer decode(int opcode, byte[] bytes, int from, int length) throws BadFrame {
    FrameCodec codec = opcode == WebSocketHeader.TEXT ? json : binary;
    try {
      return codec.decodeFromPeer(bytes, from, length);
    } catch (BadFrame bad) {
      // Bad UTF-8 is never a frame, so only what is none has to be looked at for it.
      if (opcode == WebSocketHeader.TEXT && !WebSocketClose.isUtf8(bytes, from, length)) {
        throw broken(WebSocketClose.NOT_UTF8, "text that is not UTF-8");
      }
      throw bad;
    }
  }

  private BadFrame broken(int code, String detail) {
    closeCode = code;
    return new BadFrame(Refusal.FRAME_TOO_LARGE, detail);
  }

  @Override
  void encode(Frame.FromHub frame, ByteSink out) {
    FrameCodec codec = spoken == null ? json : spoken;
    scratch.clear();
    codec.encode(frame, scratch);
    writeScratch(codec, out);
  }

  @Override
  void encode(SharedMessage message, long seq, ByteSink out) {
    FrameCodec codec = spoken == null ? json : spoken;
    scratch.clear();
    codec.encode(message, seq, scratch);
    writeScratch(codec, out);
  }

  private void writeScratch(FrameCodec codec, ByteSink out) {
    int opcode = codec == json ? WebSocketHeader.TEXT : WebSocketHeader.BINARY;
    WebSocketHeader.write(opcode, scratch.length(), out);
    out.put(scratch.array(), 0, scratch.length());
  }

  @Override
  void limit(int newMaxFrame) {
    maxFrame = newMaxFrame;
  }

  @Override
  void farewell(ByteSink out) {
    WebSocketClose.write(closeCode, out);
  }
}
