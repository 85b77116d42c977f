package io.peerhub.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;

/**
 * TLS, where it is configured. The handshake's arithmetic runs on threads of its own: a thousand
 * peers that come back at once must not hold the messages of the others.
 */
final class TlsStage {
  private static final int THREADS = 2;

  private final SslContext context;
  private final ExecutorService arithmetic =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("hub-tls-", 0).factory());

  private TlsStage(SslContext context) {
    this.context = context;
  }

  static TlsStage from(ConnectionSettings.Tls settings) {
    try {
      return new TlsStage(
          SslContextBuilder.forServer(settings.certificate().toFile(), settings.key().toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(settings.protocols())
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot use " + settings.certificate() + " with " + settings.key(), e);
    }
  }

  SslHandler handler(Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc(), arithmetic);
    handler.setCumulator(ReadBuffers.COPYING);
    // The connection's own deadlines hold for it; this one would count from the first record.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  void close() {
    arithmetic.shutdown();
  }
}
