package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** The other end of a socket, byte for byte. */
final class TestPeer implements AutoCloseable {
  static final String HELLO = "{\"hello\":{\"version\":1,\"peer\":\"alice\",\"auth\":\"none\"}}\n";

  final Socket socket;
  final DataInputStream in;

  TestPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  TestPeer(TestPort port) throws IOException {
    this(new Socket(port.address().getAddress(), port.address().getPort()));
  }

  TestPeer send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  TestPeer send(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    socket.getOutputStream().write(all.toByteArray());
    return this;
  }

  /** One write and one packet for each byte. */
  TestPeer dribble(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      socket.getOutputStream().write(b);
    }
    return this;
  }

  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the hub closed after: " + line);
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Everything up to the end that the hub puts. */
  String rest() throws IOException {
    return new String(new Patient(in).readAllBytes(), StandardCharsets.UTF_8);
  }

  /** To this test a reset is an end too. */
  private static final class Patient extends InputStream {
    private final InputStream in;

    Patient(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (SocketException e) {
        return -1;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (SocketException e) {
        return -1;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
