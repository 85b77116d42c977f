package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket, from accept to its end: the last stage of every pipeline, and what a session sees as
 * its {@link Outlet}. Runs on its event loop only.
 *
 * <p>Tells the session all frames of one read as one batch, in order; tells {@link Session.Closed}
 * once, at last, under every ending. Does not know what a frame means.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** Its life, in this order; a phase may be left out, none comes back. */
  private enum Phase {
    UNAUTHENTICATED,
    ADMITTED,
    /** The last bytes are on their way out; what comes in is thrown away. */
    CLOSING,
    CLOSED
  }

  private final Loop loop;
  private final Channel channel;
  private final long number;
  private final Inflow inflow;
  private final Outflow outflow;
  private Phase phase = Phase.UNAUTHENTICATED;

  /** Null until the first bytes have told. */
  private Wire wire;

  /** Null until the keeper of the loop's sessions has answered; {@link #held} waits for it. */
  private ActorRef<Session.Command> session;

  private List<Session.Command> held;

  /** Of the handshake, later of the closing; null in between. */
  private ScheduledFuture<?> deadline;

  private String why = "closed by the peer";

  Connection(Loop loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
    this.number = loop.premises.connectionNumbers().incrementAndGet();
    this.inflow = new Inflow(loop, channel);
    this.outflow = new Outflow(this, loop);
  }

  Channel channel() {
    return channel;
  }

  Loop loop() {
    return loop;
  }

  Inflow inflow() {
    return inflow;
  }

  Outflow outflow() {
    return outflow;
  }

  // ---- the way in

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // From accept on, and absolute: no byte that dribbles in moves it.
    deadline =
        loop.eventLoop.schedule(
            this::handshakeTimeout,
            loop.premises.settings().handshake().timeout().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** The wire is known. */
  void speak(Wire spoken) {
    wire = spoken;
    if (loop.premises.full()) {
      refuse(Refusal.TOO_MANY, "too many connections");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      loop.premises.meters().add(Meter.BYTES_IN, buffer.readableBytes());
      if (phase == Phase.UNAUTHENTICATED && !inflow.countUnread(buffer.readableBytes())) {
        refuse(Refusal.TOO_MANY, "too much input that is not authenticated");
      }
      if (isOpen()) {
        inflow.take(buffer, this::read);
      }
    } finally {
      buffer.release();
    }
  }

  private int read(byte[] bytes, int from, int to) {
    int at = from;
    // Empty, but for what a fault of ours left there: never another peer's frames.
    loop.batch.clear();
    while (isOpen()) {
      try {
        Frame.FromPeer frame = wire.next(bytes, at, to);
        at = wire.end();
        if (frame == null) {
          break;
        }
        loop.batch.add(frame);
      } catch (BadFrame bad) {
        at = wire.end();
        tellBatch();
        malformed(bad);
        if (inflow.isBroken()) {
          return to;
        }
      }
    }
    tellBatch();
    return isOpen() ? at : to;
  }

  private void tellBatch() {
    List<Frame.FromPeer> batch = loop.batch;
    if (!batch.isEmpty()) {
      loop.premises.meters().add(Meter.FRAMES_IN, batch.size());
      tell(new Session.Received(List.copyOf(batch)));
      batch.clear();
    }
  }

  private void malformed(BadFrame bad) {
    if (bad.refusal() == Refusal.FRAME_TOO_LARGE) {
      inflow.stop(Inflow.BY_BROKEN_STREAM);
    }
    if (session == null && held == null) {
      refuse(bad.refusal(), bad.getMessage());
    } else {
      tell(new Session.Malformed(bad));
    }
  }

  private void tell(Session.Command input) {
    if (session != null) {
      session.tell(input);
      return;
    }
    if (held == null) {
      held = new ArrayList<>(1);
      loop.sessions.tell(new Sessions.Open(this));
    }
    held.add(input);
  }

  // ---- before authentication

  private void handshakeTimeout() {
    refuse(Refusal.HANDSHAKE_TIMEOUT, Refusal.HANDSHAKE_TIMEOUT.reason());
  }

  /** Answers for itself and closes, where no session can. */
  void refuse(Refusal refusal, String detail) {
    if (phase != Phase.UNAUTHENTICATED) {
      return;
    }
    loop.premises.meters().count(Meter.HANDSHAKES_FAILED);
    loop.premises.meters().refused(refusal);
    Frame.FromHub error = new Frame.Error(refusal.code(), detail);
    if (wire != null) {
      outflow.send(wire, error);
    } else if (channel.pipeline().get(Detection.UPGRADE) == null) {
      loop.json.encodeDelimited(error, outflow.sink());
    }
    finish(refusal.reason());
  }

  // ---- what the session asks for

  @Override
  public Remote remote() {
    InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
    return new Remote(
        "c" + number,
        address.getAddress().getHostAddress() + ":" + address.getPort(),
        wire.name(),
        channel.pipeline().get(SslHandler.class) != null,
        address.getAddress().isLoopbackAddress());
  }

  @Override
  public void opened(ActorRef<Session.Command> opened) {
    session = opened;
    held.forEach(session::tell);
    held = null;
    if (phase == Phase.CLOSED) {
      session.tell(new Session.Closed(why));
    }
  }

  @Override
  public void send(Frame.FromHub frame) {
    if (isOpen()) {
      outflow.send(wire, frame);
      if (phase == Phase.UNAUTHENTICATED) {
        inflow.forgetUnread();
      }
    }
  }

  @Override
  public boolean writable() {
    return outflow.writable();
  }

  @Override
  public void pause() {
    inflow.stop(Inflow.BY_SESSION);
  }

  @Override
  public void resume() {
    inflow.start(Inflow.BY_SESSION);
  }

  @Override
  public void admit(int maxFrame) {
    if (phase == Phase.UNAUTHENTICATED) {
      phase = Phase.ADMITTED;
      deadline.cancel(false);
      deadline = null;
      wire.limit(maxFrame);
      inflow.admit();
    }
  }

  @Override
  public void close() {
    finish("closed by the hub");
  }

  // ---- the way out

  void write(ByteBuf bytes) {
    channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /** More waits for the peer than may: until it has read, it is not read either. */
  void filled() {
    inflow.stop(Inflow.BY_SLOW_PEER);
  }

  void drained() {
    inflow.start(Inflow.BY_SLOW_PEER);
    if (session != null && phase == Phase.ADMITTED) {
      session.tell(new Session.Writable());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outflow.settle();
  }

  /** Something waited for too long, and the peer took nothing of it. */
  void notReading() {
    loop.premises.meters().count(Meter.NOT_READING);
    loop.premises.meters().refused(Refusal.NOT_READING);
    abort(Refusal.NOT_READING.reason());
  }

  // ---- the end

  boolean isOpen() {
    return phase.compareTo(Phase.CLOSING) < 0;
  }

  /** Closes for a reason that its wire knows. */
  void hangUp(String reason) {
    finish(reason);
  }

  /** Closes behind what was said, with a limit: a peer that does not take it is cut. */
  private void finish(String reason) {
    if (!isOpen()) {
      return;
    }
    if (wire != null) {
      wire.farewell(outflow.sink());
    }
    ending(reason);
    cancelDeadline();
    long timeout = loop.premises.settings().outbound().closeTimeout().toMillis();
    deadline = loop.eventLoop.schedule(() -> abort(why), timeout, TimeUnit.MILLISECONDS);
    outflow.flush();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> closeOutput());
    // What still comes is read and thrown away: a socket that is closed with unread input sends a
    // reset, which may overtake the last words.
    inflow.startDiscarding();
  }

  private void closeOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else {
      ((DuplexChannel) channel).shutdownOutput();
    }
  }

  private void abort(String reason) {
    if (phase != Phase.CLOSED) {
      ending(reason);
      if (outflow.waiting() > 0) {
        // A reset: nothing of it is kept any longer, in the kernel neither.
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      // From the first stage on: TLS would wait for its own last words.
      channel.pipeline().firstContext().close();
    }
  }

  /** The first reason counts: what fails after it fails because of it. */
  private void ending(String reason) {
    if (isOpen()) {
      phase = Phase.CLOSING;
      why = reason;
      inflow.end();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("c{}: {}", number, cause.toString());
      ending("connection lost");
    } else {
      LOG.error("c{}: closed by a fault of the hub", number, cause);
      loop.premises.meters().count(Meter.CRASHES);
      ending(Refusal.INTERNAL.reason());
    }
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    phase = Phase.CLOSED;
    cancelDeadline();
    inflow.end();
    outflow.end();
    loop.premises.ledger().closed(Resource.SOCKET);
    loop.premises.connectionCount().decrementAndGet();
    loop.connectionCount.decrementAndGet();
    if (session != null) {
      session.tell(new Session.Closed(why));
    }
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
