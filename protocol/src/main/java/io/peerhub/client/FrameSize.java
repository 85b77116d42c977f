package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import java.util.Map;

/** Whether a send fits into the hub's largest frame, without encoding those that clearly do. */
final class FrameSize {
  /** Tags, lengths and numbers of a send. */
  private static final int ENVELOPE_MAX = 100;

  /** A char of UTF-16 has at most 3 bytes in UTF-8. */
  private static final int BYTES_A_CHAR = 3;

  /** Tags and lengths of a header. */
  private static final int HEADER_ENVELOPE_MAX = 20;

  private FrameSize() {}

  static boolean fits(Frame.Send send, int maxFrame) {
    return most(send) <= maxFrame || exact(send) <= maxFrame;
  }

  private static long most(Frame.Send send) {
    long chars = (long) send.to().length() + send.id().length() + send.re().length();
    long headers = 0;
    for (Map.Entry<String, String> header : send.headers().entrySet()) {
      chars += header.getKey().length() + header.getValue().length();
      headers += HEADER_ENVELOPE_MAX;
    }
    return send.body().size() + BYTES_A_CHAR * chars + headers + ENVELOPE_MAX;
  }

  private static int exact(Frame.Send send) {
    ByteSink sink = new ByteSink();
    FrameCodec.binary().encode(send, sink);
    return sink.length();
  }
}
