package io.peerhub.client;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.Framing;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One socket that carries frames of the binary wire. One thread reads, one writes, any may close;
 * closing ends what blocks in the others.
 */
final class Transport implements Closeable {
  private static final byte[] PREFACE = "PHB1".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER_FIRST = 8 << 10;
  private static final int BUFFER_KEPT = 64 << 10;
  private static final int WRITE_MAX = 64 << 10;

  /** Before {@code welcome} has told its own. */
  private static final int FRAME_FIRST_MAX = 64 << 10;

  /** What the hub's frames may have beyond those of a peer: envelopes, and lists of members. */
  private static final int FRAME_EXTRA = 4 << 20;

  private final Socket raw = new Socket();
  private final FrameCodec decoder = FrameCodec.binary();
  private final FrameCodec encoder = FrameCodec.binary();
  private final Framing framing = Framing.lengthPrefixed(FRAME_FIRST_MAX);
  private final ByteSink sink = new ByteSink();
  private InputStream in;
  private OutputStream out;
  private byte[] buffer = new byte[BUFFER_FIRST];
  private int from;
  private int to;
  private boolean secured;

  /** Connects, and says which wire it speaks. */
  void connect(ServerAddress server, Duration patience, Optional<SSLContext> tls)
      throws IOException {
    raw.setTcpNoDelay(true);
    raw.connect(new InetSocketAddress(server.host(), server.port()), (int) patience.toMillis());
    Socket socket = tls.isPresent() ? secured(server, tls.get()) : raw;
    secured = tls.isPresent();
    in = socket.getInputStream();
    out = socket.getOutputStream();
    out.write(PREFACE);
  }

  /** Whether nobody between can read along: TLS, or the same machine. */
  boolean isSecret() {
    return isSecret(secured, raw.getInetAddress());
  }

  static boolean isSecret(boolean secured, InetAddress hub) {
    return secured || hub.isLoopbackAddress();
  }

  private Socket secured(ServerAddress server, SSLContext tls) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(raw, server.host(), server.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** From here on frames may be as large as the hub's settings let them be. */
  void limit(int maxFrame) {
    framing.limit((int) Math.min(Integer.MAX_VALUE - 16, (long) maxFrame + FRAME_EXTRA));
  }

  /**
   * Waits for one frame and looks at nothing behind it: what follows a welcome may be larger than
   * what was allowed before it.
   */
  Frame.FromHub readOne() throws IOException, BadFrame {
    Frame.FromHub frame = nextBuffered();
    while (frame == null) {
      fill();
      frame = nextBuffered();
    }
    return frame;
  }

  /** Waits for at least one frame, and adds all that have arrived. */
  void read(List<Frame.FromHub> frames) throws IOException, BadFrame {
    for (Frame.FromHub f = readOne(); f != null; f = nextBuffered()) {
      frames.add(f);
    }
  }

  private void fill() throws IOException {
    makeRoom();
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      throw new EOFException("the hub closed the connection");
    }
    to += count;
  }

  private Frame.FromHub nextBuffered() throws BadFrame {
    while (framing.next(buffer, from, to)) {
      from = framing.end();
      try {
        return decoder.decodeFromHub(buffer, framing.offset(), framing.length());
      } catch (BadFrame bad) {
        // A kind that a newer hub knows is none of our business; all else means that we have
        // lost the thread, and the next connection may find it.
        if (bad.refusal() != Refusal.UNKNOWN_FRAME) {
          throw bad;
        }
      }
    }
    return null;
  }

  /** Grows by what has really arrived, never by a length that was only claimed. */
  private void makeRoom() {
    int unread = to - from;
    if (unread == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    } else {
      boolean shrinks = buffer.length > BUFFER_KEPT && unread <= BUFFER_KEPT / 2;
      boolean grows = to == buffer.length && buffer.length < BUFFER_KEPT;
      byte[] target =
          shrinks ? new byte[BUFFER_KEPT] : grows ? new byte[2 * buffer.length] : buffer;
      System.arraycopy(buffer, from, target, 0, unread);
      buffer = target;
    }
    if (from > 0) {
      from = 0;
      to = unread;
    }
  }

  /** Writes frames with as few calls as their size allows. */
  void write(List<? extends Frame> frames) throws IOException {
    for (Frame frame : frames) {
      encoder.encodeDelimited(frame, sink);
      if (sink.length() >= WRITE_MAX) {
        flush();
      }
    }
    flush();
  }

  private void flush() throws IOException {
    if (sink.length() > 0) {
      out.write(sink.array(), 0, sink.length());
      sink.clear();
    }
  }

  /** Closes the socket under any TLS: its own farewell could block on a peer that does not read. */
  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException failed) {
      return; // the descriptor is gone all the same
    }
  }
}
