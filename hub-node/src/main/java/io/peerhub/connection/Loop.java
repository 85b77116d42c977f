package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the connections of one event loop share, so that an idle one owns next to nothing: buffers,
 * codecs, and the end of the turn, when everything that was said in it is flushed. All of it
 * belongs to the loop's thread, but for {@link #connectionCount}.
 */
final class Loop {
  /** Sinks that are kept for the next turn, and how large. */
  private static final int SINKS_MAX = 256;

  private static final int SINK_KEEP_MAX = 1 << 14;

  /** What is written without an allocation; a peer that does not read holds on to that much. */
  private static final int WRITE_BUFFER = 1 << 14;

  /** How often those are looked at that have something waiting, in milliseconds. */
  private static final long WATCH_MS = 250;

  final Premises premises;
  final EventLoop eventLoop;
  final ActorRef<Sessions.Command> sessions;
  final ReadBuffers reads;
  final FrameCodec json = FrameCodec.json();
  final FrameCodec binary = FrameCodec.binary();

  /** Where a read is joined to what was left of the one before. */
  final byte[] input = new byte[2 * ReadBuffers.SIZE];

  final FrameReader frames = new FrameReader();

  /** Where a frame is encoded whose length has to stand before it. */
  final ByteSink scratch = new ByteSink();

  /** Of the WebSocket frame that is being read. */
  final WebSocketHeader header = new WebSocketHeader();

  /** Said and flushed since the meters were last told. */
  long framesOut;

  long bytesOut;

  final AtomicInteger connectionCount = new AtomicInteger();

  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final ArrayDeque<ByteSink> sinks = new ArrayDeque<>();
  private final Set<Connection> watched = new LinkedHashSet<>();
  private final EndOfTurn<Connection> endOfTurn;
  private ByteBuf output = allocator.directBuffer(WRITE_BUFFER, WRITE_BUFFER);

  Loop(Premises premises, EventLoop eventLoop, ActorRef<Sessions.Command> sessions) {
    this.premises = premises;
    this.eventLoop = eventLoop;
    this.sessions = sessions;
    this.reads = new ReadBuffers(allocator);
    this.endOfTurn = new EndOfTurn<>(eventLoop, new Flushing());
    eventLoop.terminationFuture().addListener(ended -> releaseBuffers());
  }

  /** Flushes the connection at the end of this turn: behind the actors that are due to run. */
  void touch(Connection connection) {
    endOfTurn.add(connection);
  }

  private final class Flushing implements EndOfTurn.Work<Connection> {
    @Override
    public void finish(Connection connection) {
      connection.outflow().flush();
    }

    @Override
    public void failed(Connection connection, Throwable thrown) {
      connection.fault(thrown);
    }

    @Override
    public void finished() {
      premises.meters().add(Meter.FRAMES_OUT, framesOut);
      premises.meters().add(Meter.BYTES_OUT, bytesOut);
      framesOut = 0;
      bytesOut = 0;
    }
  }

  ByteSink borrowSink() {
    ByteSink sink = sinks.pollLast();
    return sink == null ? new ByteSink() : sink;
  }

  void giveBack(ByteSink sink) {
    if (sinks.size() < SINKS_MAX && sink.array().length <= SINK_KEEP_MAX) {
      sink.clear();
      sinks.addLast(sink);
    }
  }

  /**
   * The bytes of a sink as Netty writes them. If the kernel takes them at once, which is the rule,
   * the next connection has the same buffer again.
   *
   * @param alone whether nothing else waits in the connection: else they would hold a large buffer
   */
  ByteBuf outgoing(ByteSink sink, boolean alone) {
    int length = sink.length();
    if (!alone || length > WRITE_BUFFER) {
      return allocator.directBuffer(length, length).writeBytes(sink.array(), 0, length);
    }
    if (output.refCnt() != 1) {
      ByteBuf next = allocator.directBuffer(WRITE_BUFFER, WRITE_BUFFER);
      output.release(); // Only now: were there no memory for another, it would be released twice.
      output = next;
    }
    return output.clear().writeBytes(sink.array(), 0, length).retain();
  }

  /** Looks again and again whether the peer takes what waits for it. */
  void watch(Connection connection) {
    if (watched.isEmpty()) {
      scheduleWatch();
    }
    watched.add(connection);
  }

  void unwatch(Connection connection) {
    watched.remove(connection);
  }

  private void scheduleWatch() {
    eventLoop.schedule(this::lookAtWatched, WATCH_MS, TimeUnit.MILLISECONDS);
  }

  private void lookAtWatched() {
    try {
      // A copy: who is drained or closed by the look leaves the set.
      List.copyOf(watched).forEach(this::lookAt);
    } finally {
      if (!watched.isEmpty()) {
        scheduleWatch();
      }
    }
  }

  /** What is thrown for one of them ends that one; the watch over the others goes on. */
  private void lookAt(Connection connection) {
    try {
      switch (connection.outflow().look()) {
        case DRAINED -> watched.remove(connection);
        case WAITING -> {}
        case STALLED -> connection.notReading();
      }
    } catch (Throwable thrown) {
      watched.remove(connection);
      connection.fault(thrown);
    }
  }

  private void releaseBuffers() {
    reads.release();
    output.release();
  }
}
