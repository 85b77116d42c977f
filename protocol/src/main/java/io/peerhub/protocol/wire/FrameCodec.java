package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;

/**
 * One encoding of the frames. An instance belongs to one thread and serves all of its connections:
 * it keeps nothing of a frame but a bounded table of names.
 *
 * <p>Decoding takes exactly one frame, without prefix or newline, and copies what it keeps: the
 * array may be reused at once. It throws {@link BadFrame} and nothing else, whatever the bytes are.
 * Encoding appends to a {@link ByteSink}: it cannot fail for a frame whose numbers are below 2^53.
 */
public interface FrameCodec {
  /** JSON: the proto3 mapping of {@code Frame}, in one line. */
  static FrameCodec json() {
    return new JsonCodec();
  }

  /** Protobuf. */
  static FrameCodec binary() {
    return new BinaryCodec();
  }

  /** Reads what a peer says; a frame of the other direction is refused with 1003. */
  Frame.FromPeer decodeFromPeer(byte[] bytes, int offset, int length) throws BadFrame;

  /** Reads what the hub says; a frame of the other direction is refused with 1003. */
  Frame.FromHub decodeFromHub(byte[] bytes, int offset, int length) throws BadFrame;

  /** Appends the frame alone, as a WebSocket message holds it. */
  void encode(Frame frame, ByteSink out);

  /** Appends one receiver's copy, under its number, as a WebSocket message holds it. */
  void encode(SharedMessage message, long seq, ByteSink out);

  /** Appends one receiver's copy, under its number, as a stream holds it. */
  void encodeDelimited(SharedMessage message, long seq, ByteSink out);

  /** Appends the frame as a stream holds it: with its length before it, or a newline behind it. */
  void encodeDelimited(Frame frame, ByteSink out);
}
