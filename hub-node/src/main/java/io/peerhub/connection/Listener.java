package io.peerhub.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The port where peers arrive, whatever wire they speak. Accepted connections are spread over the
 * loops; from then on they and their sessions live on theirs.
 *
 * <p>Closing it takes the port away and leaves the connections alone: their sessions close them, or
 * {@link Loops#close()} does.
 */
public final class Listener implements AutoCloseable {
  private final Channel channel;
  private final Premises premises;

  private Listener(Channel channel, Premises premises) {
    this.channel = channel;
    this.premises = premises;
  }

  /**
   * Opens the port, and waits until it is open.
   *
   * @param sessions the keeper of sessions of each loop, running on that loop's dispatcher
   */
  public static Listener open(
      ConnectionSettings settings,
      Loops loops,
      List<ActorRef<Sessions.Command>> sessions,
      Meters meters,
      Ledger ledger,
      Levels levels)
      throws IOException {
    Premises premises = Premises.of(settings, meters, ledger);
    premises.show(levels);
    loops.timeTurns(levels);
    List<Loop> desks = new ArrayList<>();
    for (int i = 0; i < loops.count(); i++) {
      desks.add(new Loop(premises, loops.loop(i), sessions.get(i)));
    }
    Channel channel = serverChannel(settings);
    channel.pipeline().addLast("accept", new Acceptor(premises, desks));
    EventLoop accepting = loops.loop(0);
    await(accepting.register(channel), settings);
    await(channel.bind(new InetSocketAddress(settings.host(), settings.port())), settings);
    return new Listener(channel, premises);
  }

  Premises premises() {
    return premises;
  }

  /** Where it listens: with the port that was found, where 0 was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    premises.tls().ifPresent(TlsStage::close);
  }

  private static Channel serverChannel(ConnectionSettings settings) {
    ServerSocketChannel channel =
        Loops.onEpoll() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    channel.config().setReuseAddress(true).setBacklog(settings.accept().backlog());
    channel.config().setOption(ChannelOption.AUTO_READ, true);
    return channel;
  }

  private static void await(ChannelFuture step, ConnectionSettings settings) throws IOException {
    step.awaitUninterruptibly();
    if (!step.isSuccess()) {
      step.channel().close().awaitUninterruptibly();
      throw new IOException(
          "cannot listen on " + settings.host() + ":" + settings.port(), step.cause());
    }
  }
}
