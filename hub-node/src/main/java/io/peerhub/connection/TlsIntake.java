package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before TLS until a handshake is through: what comes meanwhile is bounded for each
 * connection and counts in the node's budget for input of strangers, since a record of 16 KiB that
 * never ends is kept like any other.
 */
final class TlsIntake extends ChannelInboundHandlerAdapter {
  /** Of one handshake: a hello, and the longest chain of certificates that the JDK reads. */
  private static final int MAX = 1 << 16;

  private final Connection connection;
  private final ByteBudget unread;
  private int taken;

  TlsIntake(Connection connection) {
    this.connection = connection;
    this.unread = connection.loop().premises.unread();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    int count = ((ByteBuf) message).readableBytes();
    if (connection.isOpen() && taken + count <= MAX) {
      taken += count;
      unread.add(count);
      if (!unread.exhausted()) {
        context.fireChannelRead(message);
        return;
      }
    }
    ReferenceCountUtil.release(message);
    connection.refuseTls();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    unread.add(-taken);
  }
}
