package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.SharedMessage;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.End;
import io.peerhub.telemetry.Meters.Meter;
import io.peerhub.telemetry.Meters.Span;
import java.io.IOException;
import java.util.List;
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
final class Connection extends ChannelInboundHandlerAdapter
    implements Outlet, Inflow.Reader, FrameReader.Taker, Ledger.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final Loop loop;
  private final Channel channel;
  private final long number;
  private final Inflow inflow;
  private final Outflow outflow;
  private final Counterpart counterpart;
  private final Ending ending;
  private Phase phase = Phase.UNAUTHENTICATED;

  /** Null until the first bytes have told. */
  private Wire wire;

  private final Ledger.Entry entry;
  private String why = "closed by the peer";

  Connection(Loop loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
    this.number = loop.premises.connectionNumbers().incrementAndGet();
    this.inflow = new Inflow(loop, channel);
    this.outflow = new Outflow(this, loop);
    this.counterpart = new Counterpart(this, loop);
    this.ending = new Ending(loop, channel);
    this.entry = loop.premises.ledger().open(Resource.SOCKET, this);
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
    ending.deadline(loop.premises.settings().handshake().timeout(), this::handshakeTimeout);
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
        inflow.take(buffer, this);
      }
    } finally {
      buffer.release();
    }
  }

  @Override
  public int read(byte[] bytes, int from, int to) {
    return loop.frames.read(wire, this, bytes, from, to);
  }

  @Override
  public void frames(List<Frame.FromPeer> batch) {
    loop.premises.meters().add(Meter.FRAMES_IN, batch.size());
    counterpart.tell(new Session.Received(batch));
  }

  @Override
  public boolean malformed(BadFrame bad) {
    if (bad.refusal() == Refusal.FRAME_TOO_LARGE) {
      inflow.stop(Inflow.BY_BROKEN_STREAM);
    }
    if (counterpart.isNeeded()) {
      counterpart.tell(new Session.Malformed(bad));
    } else {
      refuse(bad.refusal(), bad.getMessage());
    }
    return !inflow.isBroken();
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
    countRefusal(refusal);
    Frame.FromHub error = new Frame.Error(refusal.code(), detail);
    if (wire != null) {
      outflow.send(wire, error);
    } else if (channel.pipeline().get(Detection.UPGRADE) == null) {
      loop.json.encodeDelimited(error, outflow.sink());
    }
    finish(End.NOT_ADMITTED, refusal.reason());
  }

  /** Nothing has been agreed on in which it could be told why: an alert, as TLS itself has it. */
  void refuseTls() {
    if (phase != Phase.UNAUTHENTICATED) {
      return;
    }
    countRefusal(Refusal.TOO_MANY);
    outflow.sink().put(TlsStage.ALERT);
    finish(End.NOT_ADMITTED, Refusal.TOO_MANY.reason());
  }

  private void countRefusal(Refusal refusal) {
    loop.premises.meters().count(Meter.HANDSHAKES_FAILED);
    loop.premises.meters().refused(refusal);
  }

  /** Whoever does not get through TLS has failed like whoever does not get through the proof. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        channel.pipeline().remove(Detection.TLS_INTAKE);
      } else if (phase == Phase.UNAUTHENTICATED) {
        loop.premises.meters().count(Meter.HANDSHAKES_FAILED);
      }
    }
  }

  // ---- what the session asks for

  @Override
  public Remote remote() {
    return FarEnd.of(channel, "c" + number, wire);
  }

  @Override
  public void opened(ActorRef<Session.Command> opened) {
    counterpart.opened(opened);
    if (phase == Phase.CLOSED) {
      counterpart.tellIfOpen(new Session.Closed(why));
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
  public void send(SharedMessage message, long seq) {
    if (isOpen()) {
      outflow.send(wire, message, seq);
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
  public void heardOut() {
    if (phase == Phase.UNAUTHENTICATED) {
      ending.noDeadline();
    }
  }

  @Override
  public void admit(int maxFrame) {
    if (phase == Phase.UNAUTHENTICATED) {
      phase = Phase.ADMITTED;
      ending.noDeadline();
      wire.limit(maxFrame);
      inflow.admit();
    }
  }

  @Override
  public void close() {
    finish(End.BY_HUB, "closed by the hub");
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
    if (phase == Phase.ADMITTED) {
      counterpart.tellIfOpen(new Session.Writable());
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
    abort(End.NOT_READING, Refusal.NOT_READING.reason());
  }

  // ---- the end

  @Override
  public boolean isOpen() {
    return phase.compareTo(Phase.CLOSING) < 0;
  }

  /** Closes for a reason that its wire knows. */
  void hangUp(String reason) {
    finish(End.BY_PEER, reason);
  }

  /** Closes behind what was said, with a limit: a peer that does not take it is cut. */
  private void finish(End end, String reason) {
    if (!isOpen()) {
      return;
    }
    if (wire != null) {
      wire.farewell(outflow.sink());
    }
    endFor(end, reason);
    ending.deadline(loop.premises.settings().outbound().closeTimeout(), () -> abort(end, why));
    outflow.flush();
    ending.closeOutput();
    // What still comes is read and thrown away: a socket that is closed with unread input sends a
    // reset, which may overtake the last words.
    inflow.startDiscarding();
  }

  private void abort(End end, String reason) {
    if (phase != Phase.CLOSED) {
      endFor(end, reason);
      ending.cut(outflow.waiting() > 0);
    }
  }

  /** The first reason counts: what fails after it fails because of it. */
  private void endFor(End end, String reason) {
    if (isOpen()) {
      phase = Phase.CLOSING;
      loop.premises.meters().ended(end);
      why = reason;
      inflow.end();
    }
  }

  /** No loop took it: there is nothing to end but its entry. */
  void neverWas() {
    entry.close();
  }

  // ---- what the ledger asks

  @Override
  public String named() {
    return "c" + number;
  }

  /** Until it is heard out and after its last words a deadline ends it, between them a session. */
  @Override
  public boolean needsIt() {
    return switch (phase) {
      case UNAUTHENTICATED -> ending.hasDeadline() || counterpart.isAlive();
      case CLOSING -> ending.hasDeadline();
      case ADMITTED -> counterpart.isAlive();
      case CLOSED -> false;
    };
  }

  @Override
  public void reclaim() {
    loop.eventLoop.execute(
        () -> {
          if (!needsIt()) {
            abort(End.FAULT, "nobody needed it");
          }
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fault(cause);
  }

  /** What was thrown in the work for this connection ends it, and nothing else. */
  void fault(Throwable cause) {
    boolean isOfTheLine = cause instanceof IOException || cause instanceof DecoderException;
    endFor(
        isOfTheLine ? End.LOST : End.FAULT,
        isOfTheLine ? "connection lost" : Refusal.INTERNAL.reason());
    channel.close(); // First of all: where memory is short, what follows may fail.
    if (isOfTheLine) {
      LOG.debug("c{}: {}", number, cause.toString());
    } else {
      loop.premises.meters().count(Meter.CRASHES);
      LOG.error("c{}: closed by a fault of the hub", number, cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    endFor(End.BY_PEER, why);
    phase = Phase.CLOSED;
    ending.noDeadline();
    outflow.end();
    loop.premises.meters().took(Span.CONNECTION, entry.age());
    entry.close();
    loop.premises.connectionCount().decrementAndGet();
    loop.connectionCount.decrementAndGet();
    counterpart.tellIfOpen(new Session.Closed(why));
  }
}
