package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.protocol.wire.Framing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A peer for tests: a bare socket that speaks one of the wires and does nothing by itself. */
public final class TestPeer implements AutoCloseable {
  /** The wires. */
  public enum Wire {
    JSON,
    BINARY,
    WEB_JSON,
    WEB_BINARY;

    /** Whether its frames are JSON, else they are Protobuf. */
    public boolean isJson() {
      return this == JSON || this == WEB_JSON;
    }

    /** Whether its frames are messages of a WebSocket. */
    public boolean isWeb() {
      return this == WEB_JSON || this == WEB_BINARY;
    }

    public FrameCodec codec() {
      return isJson() ? FrameCodec.json() : FrameCodec.binary();
    }

    /** What is a frame to this wire, whatever it holds, as it travels. */
    public byte[] delimited(byte[] frame) {
      ByteSink sink = new ByteSink();
      switch (this) {
        case JSON -> {
          sink.put(frame);
          sink.put((byte) '\n');
        }
        case BINARY -> {
          sink.put(varint(frame.length));
          sink.put(frame);
        }
        case WEB_JSON -> sink.put(TestWebSocket.frame(0x80 | TestWebSocket.TEXT, frame));
        case WEB_BINARY -> sink.put(TestWebSocket.frame(0x80 | TestWebSocket.BINARY, frame));
      }
      return sink.toByteArray();
    }

    /** A number as Protobuf writes it. */
    public static byte[] varint(long number) {
      ByteSink sink = new ByteSink();
      long left = number;
      for (; (left & ~0x7fL) != 0; left >>>= 7) {
        sink.put((byte) (left | 0x80));
      }
      sink.put((byte) left);
      return sink.toByteArray();
    }

    /** A frame, as it travels. */
    public byte[] delimited(Frame frame) {
      ByteSink sink = new ByteSink();
      codec().encode(frame, sink);
      return delimited(sink.toByteArray());
    }
  }

  private final Socket socket = new Socket();
  private final Wire wire;
  private final TestWebSocket web = new TestWebSocket();
  private final BlockingQueue<Frame.FromHub> frames = new LinkedBlockingQueue<>();
  private final Thread reader;
  private volatile boolean ended;

  /** Whoever wants to read passes here. */
  private final Semaphore reading = new Semaphore(1);

  private TestPeer(InetSocketAddress address, Wire wire, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.connect(address, (int) PATIENCE.toMillis());
    this.wire = wire;
    Framing framing =
        switch (wire) {
          case JSON -> Framing.lines(1 << 24);
          case BINARY -> {
            raw("PHB1".getBytes(StandardCharsets.US_ASCII));
            yield Framing.lengthPrefixed(1 << 24);
          }
          case WEB_JSON, WEB_BINARY -> {
            TestWebSocket.upgrade(socket);
            yield web;
          }
        };
    reader = Thread.ofVirtual().start(() -> read(wire.codec(), framing));
  }

  /** Connects and says nothing. */
  public static TestPeer connect(InetSocketAddress address, Wire wire) throws IOException {
    return new TestPeer(address, wire, 0);
  }

  /** Connects with a small receive buffer, for a peer that will not read. */
  public static TestPeer connectNarrow(InetSocketAddress address, Wire wire) throws IOException {
    return new TestPeer(address, wire, 4096);
  }

  /** Connects as this identity with {@code ack: auto}, and waits for the welcome. */
  public static TestPeer live(InetSocketAddress address, Wire wire, String identity)
      throws Exception {
    TestPeer peer = connect(address, wire);
    peer.say(hello(identity, "auto", null));
    peer.expect(Frame.Welcome.class);
    return peer;
  }

  public static Frame.Hello hello(String identity, String ack, Frame.Resume resume) {
    return hello(identity, ack, resume, 0, 0);
  }

  public static Frame.Hello hello(
      String identity, String ack, Frame.Resume resume, int window, int heartbeatMs) {
    return new Frame.Hello(
        1,
        identity,
        "none",
        "test",
        Optional.ofNullable(resume),
        ack,
        window,
        heartbeatMs,
        List.of(),
        "",
        Map.of());
  }

  public static Frame.Send send(String to, String text, String id, long n, Confirmation confirm) {
    return send(to, text, id, n, confirm, 0);
  }

  public static Frame.Send send(
      String to, String text, String id, long n, Confirmation confirm, int ttlMs) {
    return new Frame.Send(
        to, Body.text(text), id, n, DeliveryClass.LIVE, confirm, ttlMs, "", Map.of());
  }

  /** Writes a frame. */
  public synchronized void say(Frame frame) throws IOException {
    raw(wire.delimited(frame));
  }

  /** Writes what is a frame to the wire, whatever it holds. */
  public synchronized void sayRaw(byte[] frame) throws IOException {
    raw(wire.delimited(frame));
  }

  public Wire wire() {
    return wire;
  }

  /** The code with which the hub has closed the WebSocket; 0 if it has not. */
  public int closeCode() {
    return web.closeCode();
  }

  /** Writes a message without asking for anything. */
  public void tell(String to, String text) throws IOException {
    say(send(to, text, "", 0, Confirmation.NONE));
  }

  /** Writes bytes as they are. */
  public void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next frame, which has to be of this kind. */
  public <F extends Frame.FromHub> F expect(Class<F> kind) throws Exception {
    Frame.FromHub frame = next();
    if (!kind.isInstance(frame)) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", got " + frame);
    }
    return kind.cast(frame);
  }

  /** The next frame of this kind; others are passed over. */
  public <F extends Frame.FromHub> F await(Class<F> kind) throws Exception {
    while (true) {
      Frame.FromHub frame = next();
      if (kind.isInstance(frame)) {
        return kind.cast(frame);
      }
    }
  }

  /** The next frame, whatever it is. */
  public Frame.FromHub next() throws Exception {
    Frame.FromHub frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (frame == null) {
      throw new TimeoutException(ended ? "the hub has closed" : "no frame in " + PATIENCE);
    }
    return frame;
  }

  /** What has come and was not asked for yet. */
  public int unread() {
    return frames.size();
  }

  /** Waits until the hub has closed the connection. */
  public void awaitEnd() throws Exception {
    reader.join(PATIENCE);
    if (!ended) {
      throw new TimeoutException("the hub has not closed");
    }
  }

  public boolean hasEnded() {
    return ended;
  }

  /** Reads no more from the socket until told otherwise. */
  public void stopReading() {
    reading.acquireUninterruptibly();
  }

  public void goOnReading() {
    reading.release();
  }

  /** Cuts the connection: no bye, a reset instead of an orderly end. */
  public void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read(FrameCodec codec, Framing framing) {
    byte[] bytes = new byte[1 << 16];
    int length = 0;
    try {
      InputStream in = socket.getInputStream();
      for (int count; (count = readSome(in, bytes, length)) >= 0; ) {
        length += count;
        int from = 0;
        while (framing.next(bytes, from, length)) {
          frames.add(codec.decodeFromHub(bytes, framing.offset(), framing.length()));
          from = framing.end();
        }
        System.arraycopy(bytes, from, bytes, 0, length - from);
        length -= from;
        if (length == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * length);
        }
      }
    } catch (IOException closed) {
      // The end, as far as a test peer is concerned.
    } catch (BadFrame bad) {
      throw new AssertionError("the hub sent a bad frame: " + bad.getMessage(), bad);
    } finally {
      ended = true;
      hangUp();
    }
  }

  /** The other half of the end, as every client does: the hub does not have to wait for it. */
  private void hangUp() {
    try {
      socket.close();
    } catch (IOException closed) {
      // The end all the same.
    }
  }

  private int readSome(InputStream in, byte[] bytes, int length) throws IOException {
    reading.acquireUninterruptibly();
    reading.release();
    return in.read(bytes, length, bytes.length - length);
  }
}
