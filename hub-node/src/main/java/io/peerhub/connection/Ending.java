package io.peerhub.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** How a socket ends: its one deadline, its output behind the last words, or at once. */
final class Ending {
  private final Loop loop;
  private final Channel channel;

  /** Of the handshake, later of the closing; null in between. */
  private ScheduledFuture<?> deadline;

  Ending(Loop loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /** Does this then, unless the deadline is lifted or replaced. */
  void deadline(Duration after, Runnable action) {
    noDeadline();
    deadline = loop.eventLoop.schedule(action, after.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether something ends it in time. For any thread; a moment behind there. */
  boolean hasDeadline() {
    ScheduledFuture<?> set = deadline;
    return set != null && !set.isDone();
  }

  void noDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Closes the output once everything that was written is out. */
  void closeOutput() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> shutOutput());
  }

  private void shutOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      tls.closeOutbound();
    } else {
      ((DuplexChannel) channel).shutdownOutput();
    }
  }

  /**
   * Closes the socket whatever waits.
   *
   * @param reset throws that away in the kernel too
   */
  void cut(boolean reset) {
    if (reset) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    // From the first stage on: TLS would wait for its own last words.
    channel.pipeline().firstContext().close();
  }
}
