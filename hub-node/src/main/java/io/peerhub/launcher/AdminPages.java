package io.peerhub.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of a command that reads a node's pages, and the reading. */
final class AdminPages {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /** A page asks all nodes, and a busy one takes its time. */
  private static final Duration READ_PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:HUB_HTTP:-127.0.0.1:37889}",
      description = "the node's HTTP address (HUB_HTTP; ${DEFAULT-VALUE})")
  private String address;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:HUB_TOKEN_FILE:-${env:HUB_DATA:-data}/admin.token}",
      description = "the operator's token (HUB_TOKEN_FILE; ${DEFAULT-VALUE})")
  private Path tokenFile;

  /** The JSON of one page. */
  String read(String page) {
    String token = token();
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://" + address + page).toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT_PATIENCE.toMillis());
      connection.setReadTimeout((int) READ_PATIENCE.toMillis());
      connection.setRequestProperty("Authorization", "Bearer " + token);
      return body(connection, page);
    } catch (ConnectException | SocketTimeoutException nobody) {
      throw Failure.noConnection(
          "cannot connect to " + address + ": " + Failure.line(nobody), nobody);
    } catch (IOException | IllegalArgumentException failed) {
      throw Failure.failed("cannot read " + address + page + ": " + Failure.line(failed), failed);
    }
  }

  private String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException unreadable) {
      throw Failure.failed(
          "no token in " + tokenFile + ": say with --token-file where the node's data is",
          unreadable);
    }
  }

  private String body(HttpURLConnection connection, String page) throws IOException {
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      throw Failure.failed("the token in " + tokenFile + " is not this node's", null);
    }
    if (status == HttpURLConnection.HTTP_NOT_FOUND) {
      throw Failure.failed("the node knows nothing of " + page, null);
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("status " + status);
    }
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
