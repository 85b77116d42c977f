package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;

/**
 * The binary wire: Protobuf written by hand, so that neither a frame nor a name that came before
 * costs an object that nobody needs, and a service's class path gets no Protobuf library.
 */
final class BinaryCodec implements FrameCodec {
  private final BinaryReader reader = new BinaryReader();
  private final BinaryWriter writer = new BinaryWriter();

  @Override
  public Frame.FromPeer decodeFromPeer(byte[] bytes, int offset, int length) throws BadFrame {
    return FrameBuilder.fromPeer(reader.frame(bytes, offset, length, Shape.Speaker.PEER));
  }

  @Override
  public Frame.FromHub decodeFromHub(byte[] bytes, int offset, int length) throws BadFrame {
    return FrameBuilder.fromHub(reader.frame(bytes, offset, length, Shape.Speaker.HUB));
  }

  @Override
  public void encode(Frame frame, ByteSink out) {
    writer.frame(frame, false, out);
  }

  @Override
  public void encodeDelimited(Frame frame, ByteSink out) {
    writer.frame(frame, true, out);
  }
}
