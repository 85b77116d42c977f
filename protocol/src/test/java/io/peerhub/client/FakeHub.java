package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.Framing;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/** A hub that does what the test says, frame by frame, over a real socket. */
final class FakeHub implements AutoCloseable {
  private static final int PATIENCE_MS = (int) Clients.PATIENCE.toMillis();

  /** Of a hub that is content with any silence. */
  private static final int HEARTBEAT_MS = (int) Clients.NEVER.toMillis();

  private enum Pings {
    ANSWERED,
    IGNORED,
    FRAMES
  }

  private final ServerSocket server;

  FakeHub() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  FakeHub(ServerSocket server) throws IOException {
    this.server = server;
    server.setSoTimeout(PATIENCE_MS);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** The next connection, of which the preface has been read. */
  Line accept() throws IOException {
    return new Line(server.accept());
  }

  /** The next connection, welcomed with a new session. */
  Line acceptAndWelcome() throws IOException, BadFrame {
    Line line = accept();
    line.expect(Frame.Hello.class);
    line.send(welcome("s1", false, 0));
    return line;
  }

  /** The next connection, whose hello must resume, and is told that it does. */
  Line acceptAndResume(long received) throws IOException, BadFrame {
    Line line = accept();
    assertThat(line.expect(Frame.Hello.class).resume()).isPresent();
    line.send(welcome("s1", true, received));
    return line;
  }

  static Frame.Welcome welcome(String session, boolean resumed, long received) {
    return welcome(session, resumed, received, HEARTBEAT_MS, "");
  }

  static Frame.Welcome welcomeWithMac(String session, String mac) {
    return welcome(session, false, 0, HEARTBEAT_MS, mac);
  }

  static Frame.Welcome welcome(
      String session, boolean resumed, long received, int heartbeatMs, String mac) {
    return new Frame.Welcome(
        session, 1, resumed, received, heartbeatMs, 60_000, 1 << 20, 256, "n1", List.of(), mac, "");
  }

  static Frame.Message message(long seq, String text) {
    return message(seq, text, "", "");
  }

  static Frame.Message message(long seq, String text, String id, String re) {
    return new Frame.Message(
        seq, "bob", Body.text(text), id, "", DeliveryClass.LIVE, re, 1, 0, false, 1, Map.of());
  }

  static Frame.Message critical(long seq, String text) {
    return new Frame.Message(
        seq,
        "bob",
        Body.text(text),
        "c" + seq,
        "",
        DeliveryClass.CRITICAL,
        "",
        1,
        0,
        false,
        1,
        Map.of());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One connection, from the hub's side. Belongs to the test's thread. */
  static final class Line implements AutoCloseable {
    private final Socket socket;
    private final FrameCodec codec = FrameCodec.binary();
    private final Framing framing = Framing.lengthPrefixed(2 << 20);
    private byte[] buffer = new byte[4 << 20];
    private int from;
    private int to;
    private Pings pings = Pings.ANSWERED;

    private Line(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(PATIENCE_MS);
      socket.setTcpNoDelay(true);
      assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("PHB1");
    }

    /** From here on a ping is a frame like any other. */
    Line leavesPings() {
      pings = Pings.FRAMES;
      return this;
    }

    /** From here on a ping is passed over, so that the client does not know what was taken. */
    Line ignoresPings() {
      pings = Pings.IGNORED;
      return this;
    }

    void send(Frame... frames) throws IOException {
      socket.getOutputStream().write(bytes(frames));
    }

    /** Sends frames byte by byte. */
    void dribble(Frame... frames) throws IOException {
      for (byte b : bytes(frames)) {
        socket.getOutputStream().write(b);
      }
    }

    void sendRaw(byte... bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    private byte[] bytes(Frame... frames) {
      ByteSink sink = new ByteSink();
      for (Frame frame : frames) {
        codec.encodeDelimited(frame, sink);
      }
      return sink.toByteArray();
    }

    /** The next frame, which must be of this kind; pings before it are answered. */
    <F extends Frame.FromPeer> F expect(Class<F> kind) throws IOException, BadFrame {
      Frame.FromPeer frame = next();
      assertThat(frame).isInstanceOf(kind);
      return kind.cast(frame);
    }

    /** Reads on until an ack of all up to this number; what comes before it must be acks. */
    void expectAckUpTo(long seq) throws IOException, BadFrame {
      long acked = 0;
      while (acked < seq) {
        acked = expect(Frame.Ack.class).seq();
      }
      assertThat(acked).isEqualTo(seq);
    }

    Frame.FromPeer next() throws IOException, BadFrame {
      Frame.FromPeer frame = read();
      while (pings != Pings.FRAMES && frame instanceof Frame.Ping ping) {
        if (pings == Pings.ANSWERED) {
          send(new Frame.Pong(ping.t(), Map.of()));
        }
        frame = read();
      }
      return frame;
    }

    private Frame.FromPeer read() throws IOException, BadFrame {
      while (!framing.next(buffer, from, to)) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        int count = socket.getInputStream().read(buffer, to, buffer.length - to);
        if (count < 0) {
          throw new EOFException("the client closed the connection");
        }
        to += count;
      }
      from = framing.end();
      return codec.decodeFromPeer(buffer, framing.offset(), framing.length());
    }

    /** Reads on until this frame, with which the client ends the conversation, and closes. */
    void expectClosed(Class<? extends Frame.FromPeer> last) throws IOException, BadFrame {
      Frame.FromPeer frame = next();
      while (!last.isInstance(frame)) {
        frame = next();
      }
      close();
    }

    /** Waits until the client has closed its end, and passes over what it still said. */
    void expectClosed() {
      try {
        while (true) {
          next();
        }
      } catch (IOException | BadFrame closed) {
        assertThat(closed).isNotInstanceOf(java.net.SocketTimeoutException.class);
      }
    }

    /** Cuts the connection, as a network does: without a word. */
    void cut() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
