package io.peerhub.connection;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.Framing;
import io.peerhub.protocol.wire.SharedMessage;

/** Frames in a stream of bytes: JSON lines, or Protobuf with lengths. */
final class StreamWire extends Wire {
  private final String name;
  private final Framing framing;
  private final FrameCodec codec;

  private StreamWire(String name, Framing framing, FrameCodec codec) {
    this.name = name;
    this.framing = framing;
    this.codec = codec;
  }

  static StreamWire jsonLines(FrameCodec codec, int maxFrame) {
    return new StreamWire("json", Framing.lines(maxFrame), codec);
  }

  static StreamWire binary(FrameCodec codec, int maxFrame) {
    return new StreamWire("binary", Framing.lengthPrefixed(maxFrame), codec);
  }

  @Override
  String name() {
    return name;
  }

  @Override
  Frame.FromPeer next(byte[] bytes, int from, int to) throws BadFrame {
    end = from;
    boolean whole = framing.next(bytes, from, to);
    end = framing.end();
    if (!whole) {
      return null;
    }
    return codec.decodeFromPeer(bytes, framing.offset(), framing.length());
  }

  @Override
  void encode(Frame.FromHub frame, ByteSink out) {
    codec.encodeDelimited(frame, out);
  }

  @Override
  void encode(SharedMessage message, long seq, ByteSink out) {
    codec.encodeDelimited(message, seq, out);
  }

  @Override
  void limit(int maxFrame) {
    framing.limit(maxFrame);
  }
}
