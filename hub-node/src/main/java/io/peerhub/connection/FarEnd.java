package io.peerhub.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.peerhub.session.Outlet;
import java.net.InetSocketAddress;

/** Who is at the other end of a socket, as the socket itself knows it. */
final class FarEnd {
  static Outlet.Remote of(Channel channel, String connection, Wire wire) {
    InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
    return new Outlet.Remote(
        connection,
        address.getAddress().getHostAddress() + ":" + address.getPort(),
        wire.name(),
        channel.pipeline().get(SslHandler.class) != null,
        address.getAddress().isLoopbackAddress());
  }

  private FarEnd() {}
}
