package io.peerhub.connection;

import io.netty.channel.ChannelOutboundBuffer;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.SharedMessage;

/**
 * The way out of one connection. Frames are encoded into a borrowed sink, which goes to the socket
 * at the end of the turn; what the kernel does not take waits, counted, and is limited twice: for
 * the connection and for the node.
 */
final class Outflow {
  /** How a look at what waits turned out. */
  enum Look {
    /** The kernel has taken everything. */
    DRAINED,
    /** Something waits. */
    WAITING,
    /** Something waits, and nothing at all was taken for too long. */
    STALLED
  }

  private final Connection connection;
  private final Loop loop;
  private final Stall stall = new Stall();

  /** What was said in this turn; null between turns. */
  private ByteSink sink;

  /** Whether the session was told to wait, or reading has stopped for the peer's slowness. */
  private boolean full;

  /** What waited at the last look, which is what is charged to the node's budget. */
  private long charged;

  Outflow(Connection connection, Loop loop) {
    this.connection = connection;
    this.loop = loop;
  }

  void send(Wire wire, Frame.FromHub frame) {
    ByteSink out = sink();
    int before = out.length();
    try {
      wire.encode(frame, out);
    } catch (Throwable thrown) {
      out.truncate(before); // Half a frame, and the peer understands nothing behind it.
      throw thrown;
    }
    loop.framesOut++;
  }

  void send(Wire wire, SharedMessage message, long seq) {
    ByteSink out = sink();
    int before = out.length();
    try {
      wire.encode(message, seq, out);
    } catch (Throwable thrown) {
      out.truncate(before);
      throw thrown;
    }
    loop.framesOut++;
  }

  /** Where bytes that are no frame (a pong of WebSocket) go, behind the frames before them. */
  ByteSink sink() {
    if (sink == null) {
      sink = loop.borrowSink();
      loop.touch(connection);
    }
    return sink;
  }

  boolean writable() {
    if (!full && unsent() >= max()) {
      becomeFull();
    }
    return !full;
  }

  /** Hands what was said to the socket. */
  void flush() {
    ByteSink said = sink;
    if (said == null) {
      return;
    }
    sink = null;
    if (charged > 0) {
      settle();
    }
    if (said.length() == 0) {
      loop.giveBack(said);
      return;
    }
    loop.bytesOut += said.length();
    connection.write(loop.outgoing(said, charged == 0));
    loop.giveBack(said);
    if (full || waiting() > 0) {
      settle();
    }
  }

  /** What waits has changed: counts it anew, and opens or closes the gate. */
  void settle() {
    long waiting = waiting();
    stall.waits(waiting, System.nanoTime());
    loop.premises.waiting().add(waiting - charged);
    charged = waiting;
    if (waiting > 0) {
      loop.watch(connection);
    }
    if (!full && waiting >= max()) {
      becomeFull();
    } else if (full && unsent() < max() / 2) {
      full = false;
      connection.drained();
    }
  }

  /** Told by the loop from time to time while something waits. */
  Look look() {
    settle();
    if (charged == 0) {
      return Look.DRAINED;
    }
    long limit = loop.premises.settings().outbound().notReadingTimeout().toNanos();
    return stall.isLongerThan(limit, System.nanoTime()) ? Look.STALLED : Look.WAITING;
  }

  /** Nothing can be written any more. */
  void end() {
    loop.premises.waiting().add(-charged);
    charged = 0;
    if (sink != null) {
      loop.giveBack(sink);
      sink = null;
    }
    loop.unwatch(connection);
  }

  private void becomeFull() {
    full = true;
    connection.filled();
  }

  private long unsent() {
    return waiting() + (sink == null ? 0 : sink.length());
  }

  /** What the kernel has not taken yet, with what Netty needs to hold it. */
  long waiting() {
    ChannelOutboundBuffer buffer = connection.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private long max() {
    int max = loop.premises.settings().outbound().maxBytes();
    return loop.premises.waiting().exhausted() ? max / 16 : max;
  }
}
