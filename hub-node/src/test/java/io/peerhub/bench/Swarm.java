package io.peerhub.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Many peers on one thread. Connects from 127.0.0.1 to 127.0.0.5 in turn, so that the kernel's
 * ports for one pair of addresses suffice for run after run.
 */
final class Swarm implements AutoCloseable {
  private static final int SOURCES = 5;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Bootstrap bootstrap =
      new Bootstrap()
          .group(loop)
          .channel(EpollSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true);
  private final InetSocketAddress hub;
  private final byte[] key;
  private List<Guest> touched = new ArrayList<>();
  private List<Guest> flushing = new ArrayList<>();
  private int connects;

  Swarm(InetSocketAddress hub) {
    this(hub, null);
  }

  /**
   * @param key by which all of them prove who they are; null where they need not
   */
  Swarm(InetSocketAddress hub, byte[] key) {
    this.hub = hub;
    this.key = key;
  }

  /** Connects a new guest; on this swarm's thread. */
  void connect(String identity, Guest.Host host) {
    Guest guest = new Guest(this, identity, key, host);
    InetSocketAddress source = new InetSocketAddress("127.0.0." + (1 + connects++ % SOURCES), 0);
    ChannelFuture connected = bootstrap.clone().handler(guest).connect(hub, source);
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            host.lost(guest);
          }
        });
  }

  void touch(Guest guest) {
    if (touched.isEmpty()) {
      loop.execute(this::flush);
    }
    touched.add(guest);
  }

  private void flush() {
    List<Guest> due = touched;
    touched = flushing;
    flushing = due;
    due.forEach(Guest::flush);
    due.clear();
  }

  /** Does this on the swarm's thread, and waits for it. */
  <T> T call(Callable<T> action) throws Exception {
    return loop.submit(action).get();
  }

  /** Does this on the swarm's thread when the time has come, and waits for it. */
  <T> T callIn(Duration delay, Callable<T> action) throws Exception {
    return loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS).get();
  }

  void later(Duration delay, Runnable action) {
    loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits for what the swarm's thread completes. */
  static <T> T await(CompletableFuture<T> result, Duration atMost) throws Exception {
    return result.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
