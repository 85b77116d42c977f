package io.peerhub.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.peerhub.protocol.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections out of the kernel's backlog, no faster than the rate allows, and gives each to
 * the loop that has the fewest. While it pauses they wait in the backlog; those that are open do
 * not notice.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  /** How long it waits for a file descriptor, in milliseconds. */
  private static final long FAULT_PAUSE_MS = 500;

  private static final long FAULT_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

  /**
   * How many more than the limit are taken, to be told so in the words of their wire; those beyond
   * are just closed.
   */
  private static final int TOLD_MAX = 64;

  private final Premises premises;
  private final List<Loop> loops;
  private final AcceptRate rate;

  /** When it was last said that accepting fails, in nanoseconds; a lasting fault is said once. */
  private long faultLoggedAt = System.nanoTime() - FAULT_LOG_NANOS;

  Acceptor(Premises premises, List<Loop> loops) {
    this.premises = premises;
    this.loops = List.copyOf(loops);
    ConnectionSettings.Accept accept = premises.settings().accept();
    this.rate = new AcceptRate(accept.ratePerSecond(), accept.burst(), System.nanoTime());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    SocketChannel channel = (SocketChannel) accepted;
    rate.take();
    int max = premises.settings().accept().maxConnections() + TOLD_MAX;
    if (premises.connectionCount().get() >= max) {
      premises.meters().refused(Refusal.TOO_MANY);
      channel.unsafe().closeForcibly();
      return;
    }
    adopt(channel, leastLoaded());
  }

  private void adopt(SocketChannel channel, Loop loop) {
    premises.connectionCount().incrementAndGet();
    loop.connectionCount.incrementAndGet();
    Connection connection = new Connection(loop, channel);
    Detection.first(channel.pipeline(), connection);
    configure(channel.config(), connection);
    ChannelFuture registered = loop.eventLoop.register(channel);
    registered.addListener(
        done -> {
          if (!done.isSuccess()) {
            channel.unsafe().closeForcibly();
            loop.connectionCount.decrementAndGet();
            premises.connectionCount().decrementAndGet();
            connection.neverWas();
          }
        });
  }

  private void configure(SocketChannelConfig config, Connection connection) {
    ConnectionSettings.Outbound outbound = premises.settings().outbound();
    config.setTcpNoDelay(true);
    if (outbound.sendBuffer() > 0) {
      // Left alone the kernel gives a peer that does not read 4 MiB, and 550 of them all it has.
      config.setSendBufferSize(outbound.sendBuffer());
    }
    int max = outbound.maxBytes();
    config.setWriteBufferWaterMark(new WriteBufferWaterMark(max / 2, max));
    config.setRecvByteBufAllocator(connection.inflow().reads());
  }

  private Loop leastLoaded() {
    Loop least = loops.getFirst();
    for (Loop loop : loops) {
      if (loop.connectionCount.get() < least.connectionCount.get()) {
        least = loop;
      }
    }
    return least;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    long wait = rate.waitNanos(System.nanoTime());
    if (wait > 0) {
      pause(context.channel(), wait);
    }
  }

  /** Most likely out of file descriptors: those that are open live on, and accepting waits. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    long now = System.nanoTime();
    if (now - faultLoggedAt >= FAULT_LOG_NANOS) {
      LOG.warn("cannot accept connections, trying again until it works: {}", cause.toString());
      faultLoggedAt = now;
    }
    if (cause instanceof IOException) {
      pause(context.channel(), TimeUnit.MILLISECONDS.toNanos(FAULT_PAUSE_MS));
    }
  }

  private static void pause(Channel channel, long nanos) {
    channel.config().setAutoRead(false);
    channel
        .eventLoop()
        .schedule(() -> channel.config().setAutoRead(true), nanos, TimeUnit.NANOSECONDS);
  }
}
