package io.peerhub.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.Framing;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One peer of a swarm, on the binary wire: says hello as soon as it is connected, and tells its
 * host whatever it hears. Belongs to the swarm's thread.
 */
final class Guest extends ChannelInboundHandlerAdapter {
  /** Who is told. */
  interface Host {
    void heard(Guest guest, Frame.FromHub frame);

    /** The connection is closed, by whichever side; or it was never made. */
    void lost(Guest guest);
  }

  private static final byte[] MAGIC = "PHB1".getBytes(StandardCharsets.US_ASCII);

  /** The longest there is: no run lasts so long that anybody had to answer a ping. */
  private static final int HEARTBEAT_MS = 300_000;

  private static final byte[] NOTHING = new byte[0];
  private static final FrameCodec CODEC = FrameCodec.binary();

  private final Swarm swarm;
  private final String identity;
  private final Host host;

  /** Null where nothing is proven. */
  private final byte[] key;

  private final Framing framing = Framing.lengthPrefixed(1 << 20);
  private final ByteSink sink = new ByteSink();
  private ChannelHandlerContext context;
  private byte[] partial = NOTHING;

  Guest(Swarm swarm, String identity, byte[] key, Host host) {
    this.swarm = swarm;
    this.identity = identity;
    this.key = key;
    this.host = host;
  }

  String identity() {
    return identity;
  }

  /** Says this at the end of the turn, together with what else was said in it. */
  void say(Frame.FromPeer frame) {
    if (sink.length() == 0) {
      swarm.touch(this);
    }
    CODEC.encodeDelimited(frame, sink);
  }

  void flush() {
    context.writeAndFlush(Unpooled.copiedBuffer(sink.array(), 0, sink.length()));
    sink.clear();
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    context = active;
    swarm.touch(this);
    sink.put(MAGIC);
    CODEC.encodeDelimited(
        new Frame.Hello(
            1,
            identity,
            key == null ? "none" : "hmac",
            "bench",
            Optional.empty(),
            "",
            0,
            HEARTBEAT_MS,
            List.of(),
            "",
            Map.of()),
        sink);
  }

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) throws BadFrame {
    ByteBuf buffer = (ByteBuf) message;
    int to = partial.length + buffer.readableBytes();
    byte[] bytes = Arrays.copyOf(partial, to);
    buffer.readBytes(bytes, partial.length, buffer.readableBytes());
    buffer.release();
    int from = 0;
    while (framing.next(bytes, from, to)) {
      Frame.FromHub frame = CODEC.decodeFromHub(bytes, framing.offset(), framing.length());
      from = framing.end();
      if (frame instanceof Frame.Challenge challenge && key != null) {
        prove(challenge.nonce());
      } else {
        host.heard(this, frame);
      }
    }
    partial = from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
  }

  private void prove(String challenge) {
    String nonce = HandshakeProof.nonce();
    String mac = HandshakeProof.mac(key, Side.PEER, identity, challenge, nonce);
    say(new Frame.Proof(nonce, mac, "", ""));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    host.lost(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    failed.close();
  }
}
