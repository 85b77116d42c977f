package io.peerhub.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Turns one HTTP request into a WebSocket, or refuses it; there is no other HTTP here. A page of a
 * foreign origin is refused: its script would speak with the rights of whoever opened it.
 */
final class Upgrade extends ChannelInboundHandlerAdapter {
  /** Subprotocols: what the hub speaks before the peer has said anything. */
  static final String JSON = "peerhub.json";

  static final String PROTO = "peerhub.proto";

  private static final String PATH = "/ws";
  private static final String VERSION = "13";
  private static final int KEY_LENGTH = 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Connection connection;
  private final boolean plaintextRefused;
  private HttpRequest request;

  Upgrade(Connection connection, boolean plaintextRefused) {
    this.connection = connection;
    this.plaintextRefused = plaintextRefused;
  }

  /** Reads heads that fit into what an unauthenticated connection may send. */
  static HttpRequestDecoder requestDecoder(int maxBytes) {
    HttpRequestDecoder decoder =
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(maxBytes / 4)
                .setMaxHeaderSize(maxBytes - maxBytes / 4)
                .setChunkedSupported(false));
    decoder.setCumulator(ReadBuffers.COPYING);
    return decoder;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!connection.isOpen()) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest head) {
      HttpResponseStatus refusal = refusal(head);
      if (refusal == null) {
        request = head;
      } else {
        // At once: what the head announces may never come.
        context.writeAndFlush(response(refusal));
        connection.hangUp("HTTP " + refusal);
      }
    } else if (message instanceof LastHttpContent && request != null) {
      accept(context);
    }
    ReferenceCountUtil.release(message);
  }

  /** Why it is no WebSocket; null if it is one. */
  private HttpResponseStatus refusal(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (request.decoderResult().isFailure()
        || headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!request.uri().split("\\?", 2)[0].equals(PATH)) {
      return HttpResponseStatus.NOT_FOUND;
    }
    if (!headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        || !headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        || !VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    if (plaintextRefused || !isAllowed(headers.get(HttpHeaderNames.ORIGIN))) {
      return HttpResponseStatus.FORBIDDEN;
    }
    return isKey(key) ? null : HttpResponseStatus.BAD_REQUEST;
  }

  /** A program sends no origin; a browser always does. */
  private boolean isAllowed(String origin) {
    List<String> allowed = connection.loop().premises.settings().origins();
    return origin == null || allowed.contains("*") || allowed.contains(origin);
  }

  private static boolean isKey(String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == KEY_LENGTH;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void accept(ChannelHandlerContext context) {
    HttpHeaders asked = request.headers();
    String subprotocol = subprotocol(asked);
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.UPGRADE, "websocket").set(HttpHeaderNames.CONNECTION, "Upgrade");
    headers.set(
        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, proof(asked.get(HttpHeaderNames.SEC_WEBSOCKET_KEY)));
    if (!subprotocol.isEmpty()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    context.writeAndFlush(response);
    int maxFrame = connection.loop().premises.settings().handshake().maxBytes();
    connection.speak(new WebSocketWire(connection, subprotocol, maxFrame));
    ChannelPipeline stages = context.pipeline();
    // The reader last: what came behind the request goes to the stage that is then next to it.
    stages.remove(this);
    stages.remove(Detection.HTTP_OUT);
    stages.remove(Detection.HTTP);
  }

  /** The first that is known here, in the peer's order of preference. */
  private static String subprotocol(HttpHeaders headers) {
    for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
      for (String offered : line.split(",")) {
        if (offered.strip().equals(JSON) || offered.strip().equals(PROTO)) {
          return offered.strip();
        }
      }
    }
    return "";
  }

  private static String proof(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private static FullHttpResponse response(HttpResponseStatus status) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer(status + "\n", StandardCharsets.US_ASCII));
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
    headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    if (status == HttpResponseStatus.UPGRADE_REQUIRED) {
      headers.set(HttpHeaderNames.CONNECTION, "Upgrade, close");
      headers.set(HttpHeaderNames.UPGRADE, "websocket");
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
    } else {
      headers.set(HttpHeaderNames.CONNECTION, "close");
    }
    return response;
  }
}
