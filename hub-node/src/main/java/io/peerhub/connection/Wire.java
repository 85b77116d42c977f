package io.peerhub.connection;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.SharedMessage;

/** How the bytes of one connection become frames, and frames bytes. */
abstract class Wire {
  /** Where the bytes go on that were not looked at yet; set by every {@link #next}. */
  protected int end;

  /** As in {@link io.peerhub.session.Outlet.Remote#wire()}. */
  abstract String name();

  /**
   * The next whole frame in {@code bytes[from..to)}; null if there is none yet. May write to the
   * bytes.
   *
   * @throws BadFrame if it is none; with 1002 the rest cannot be read either
   */
  abstract Frame.FromPeer next(byte[] bytes, int from, int to) throws BadFrame;

  final int end() {
    return end;
  }

  abstract void encode(Frame.FromHub frame, ByteSink out);

  /** One copy of what many get. */
  abstract void encode(SharedMessage message, long seq, ByteSink out);

  /** Frames may be as large as this from now on. */
  abstract void limit(int maxFrame);

  /** What this wire says before it closes. */
  void farewell(ByteSink out) {
    // Most just close.
  }
}
