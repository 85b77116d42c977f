package io.peerhub.connection;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one batch of all whole frames of a read. One serves all connections of a loop, since the
 * loop decodes one read at a time.
 */
final class FrameReader {
  /** Whose bytes they are. */
  interface Taker {
    /** Whether it takes any more. */
    boolean isOpen();

    /** The frames up to the end of the read, or up to something that is none; never empty. */
    void frames(List<Frame.FromPeer> batch);

    /**
     * Behind those came something that is no frame.
     *
     * @return whether what follows it can be understood
     */
    boolean malformed(BadFrame bad);
  }

  private final List<Frame.FromPeer> batch = new ArrayList<>();

  /** Takes frames from the front of {@code bytes[from..to)}; returns where the rest begins. */
  int read(Wire wire, Taker taker, byte[] bytes, int from, int to) {
    int at = from;
    // Empty, but for what a fault of ours left there: never another peer's frames.
    batch.clear();
    while (taker.isOpen()) {
      try {
        Frame.FromPeer frame = wire.next(bytes, at, to);
        at = wire.end();
        if (frame == null) {
          break;
        }
        batch.add(frame);
      } catch (BadFrame bad) {
        at = wire.end();
        give(taker);
        if (!taker.malformed(bad)) {
          return to;
        }
      }
    }
    give(taker);
    return taker.isOpen() ? at : to;
  }

  private void give(Taker taker) {
    if (!batch.isEmpty()) {
      taker.frames(List.copyOf(batch));
      batch.clear();
    }
  }
}
