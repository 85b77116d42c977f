package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;

/**
 * The JSON wire: what a person types into {@code nc} and a browser sends.
 *
 * <p>Measured by {@code CodecBenchmark} (JDK 25, idle machine of 2 cores; ns and bytes allocated a
 * frame, a body of 64 bytes): decode {@code send} 340 and 1,290 with data, 295 and 1,390 with text,
 * 520 and 1,780 with a json body, {@code ack} 130 and 860; encode {@code message} 88 and 0, {@code
 * ack} 23 and 0.
 */
final class JsonCodec implements FrameCodec {
  private final Draft draft = new Draft();
  private final JsonReader reader = new JsonReader(draft);
  private final JsonWriter writer = new JsonWriter();

  @Override
  public Frame.FromPeer decodeFromPeer(byte[] bytes, int offset, int length) throws BadFrame {
    try {
      reader.frame(bytes, offset, length, Shape.Speaker.PEER);
      return FrameBuilder.fromPeer(draft);
    } finally {
      draft.clear();
    }
  }

  @Override
  public Frame.FromHub decodeFromHub(byte[] bytes, int offset, int length) throws BadFrame {
    try {
      reader.frame(bytes, offset, length, Shape.Speaker.HUB);
      return FrameBuilder.fromHub(draft);
    } finally {
      draft.clear();
    }
  }

  @Override
  public void encode(Frame frame, ByteSink out) {
    writer.frame(frame, out);
  }

  @Override
  public void encode(SharedMessage message, long seq, ByteSink out) {
    writer.copy(message, seq, out);
  }

  @Override
  public void encodeDelimited(SharedMessage message, long seq, ByteSink out) {
    writer.copy(message, seq, out);
    out.put((byte) '\n');
  }

  @Override
  public void encodeDelimited(Frame frame, ByteSink out) {
    writer.frame(frame, out);
    out.put((byte) '\n');
  }
}
