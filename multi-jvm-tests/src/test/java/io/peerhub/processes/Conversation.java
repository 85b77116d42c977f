package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.PATIENCE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One terminal with {@code nc}. */
final class Conversation implements AutoCloseable {
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

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
