package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.PATIENCE;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One terminal with {@code nc}: what it says and hears, as lines or as the frames they are. */
final class Conversation implements AutoCloseable {
  private final FrameCodec codec = FrameCodec.json();
  private final Socket socket;
  private final BufferedReader lines;

  Conversation(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  void says(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The next line; null where the hub has closed. */
  String hears() throws IOException {
    return lines.readLine();
  }

  void says(Frame frame) throws IOException {
    ByteSink sink = new ByteSink();
    codec.encodeDelimited(frame, sink);
    socket.getOutputStream().write(sink.array(), 0, sink.length());
  }

  /** The next line as the frame that it is; it has to be of this kind. */
  <F extends Frame.FromHub> F hears(Class<F> kind) throws IOException {
    String line = hears();
    if (line == null) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", and the hub has closed");
    }
    try {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      Frame.FromHub frame = codec.decodeFromHub(bytes, 0, bytes.length);
      if (!kind.isInstance(frame)) {
        throw new AssertionError("expected " + kind.getSimpleName() + ", got " + line);
      }
      return kind.cast(frame);
    } catch (BadFrame bad) {
      throw new AssertionError("the hub says what is no frame: " + line, bad);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
