package io.peerhub.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.peerhub.protocol.Refusal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The first stage: looks at the first bytes, arranges the stages of the wire that they tell of, and
 * takes itself out. The bytes then go through the new stages.
 */
final class Detection extends ByteToMessageDecoder {
  static final String UPGRADE = "upgrade";
  private static final String DETECT = "detect";
  private static final String DETECT_INSIDE = "detect-inside";
  private static final String TLS = "tls";
  static final String TLS_INTAKE = "tls-intake";
  static final String HTTP = "http";
  static final String HTTP_OUT = "http-out";
  private static final String CONNECTION = "connection";

  private final Connection connection;
  private final boolean encrypted;

  private Detection(Connection connection, boolean encrypted) {
    this.connection = connection;
    this.encrypted = encrypted;
    setCumulator(ReadBuffers.COPYING);
  }

  /** The stages of a connection that was just accepted. */
  static void first(ChannelPipeline stages, Connection connection) {
    stages.addLast(DETECT, new Detection(connection, false));
    stages.addLast(CONNECTION, connection);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    Opening opening = Opening.of(in);
    if (opening != Opening.UNDECIDED) {
      arrange(opening, context.pipeline(), in);
      context.pipeline().remove(this);
    }
  }

  /** Every wire, from the socket on the left to the connection on the right. */
  private void arrange(Opening opening, ChannelPipeline stages, ByteBuf in) {
    Loop loop = connection.loop();
    int maxFrame = loop.premises.settings().handshake().maxBytes();
    switch (opening) {
      // [tls ->] connection
      case JSON_LINES -> connection.speak(StreamWire.jsonLines(loop.json, maxFrame));
      case BINARY -> {
        in.skipBytes(Opening.MAGIC_LENGTH);
        connection.speak(StreamWire.binary(loop.binary, maxFrame));
      }
      // tls-intake -> tls -> detect-inside -> connection; after the handshake without the intake
      case TLS -> {
        if (encrypted || loop.premises.tls().isEmpty()) {
          refuseUnknown(in);
        } else {
          encrypt(stages, loop.premises.tls().get(), in);
        }
      }
      // [tls ->] http -> http-out -> upgrade -> connection; after the upgrade: [tls ->] connection
      case HTTP -> {
        stages.addBefore(CONNECTION, HTTP, Upgrade.requestDecoder(maxFrame));
        stages.addBefore(CONNECTION, HTTP_OUT, new HttpResponseEncoder());
        stages.addBefore(CONNECTION, UPGRADE, new Upgrade(connection, plaintextRefused()));
      }
      case UNKNOWN, UNDECIDED -> refuseUnknown(in);
    }
    if (opening.isNative() && plaintextRefused()) {
      in.skipBytes(in.readableBytes());
      connection.refuse(Refusal.TLS_REQUIRED, Refusal.TLS_REQUIRED.reason());
    }
  }

  private void encrypt(ChannelPipeline stages, TlsStage tls, ByteBuf in) {
    Optional<SslHandler> handler = tls.handler(connection.channel());
    if (handler.isPresent()) {
      stages.addBefore(CONNECTION, TLS_INTAKE, new TlsIntake(connection));
      stages.addBefore(CONNECTION, TLS, handler.get());
      stages.addBefore(CONNECTION, DETECT_INSIDE, new Detection(connection, true));
    } else {
      in.skipBytes(in.readableBytes());
      connection.refuseTls();
    }
  }

  private void refuseUnknown(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    connection.refuse(Refusal.UNKNOWN_WIRE, Refusal.UNKNOWN_WIRE.reason());
  }

  private boolean plaintextRefused() {
    InetSocketAddress remote = (InetSocketAddress) connection.channel().remoteAddress();
    return !encrypted
        && !connection.loop().premises.settings().allowPlaintext()
        && !remote.getAddress().isLoopbackAddress();
  }
}
