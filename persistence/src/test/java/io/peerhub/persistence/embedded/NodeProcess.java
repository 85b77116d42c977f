package io.peerhub.persistence.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A node as another process sees it: it joins a directory's server and leaves when told to. */
record NodeProcess(Process process, long serverPid) {

  static NodeProcess start(Path directory) throws IOException {
    return awaitJoined(launch(directory));
  }

  /** Returns at once; what the node prints is read by {@link #awaitJoined}. */
  static Process launch(Path directory) throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                directory.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static NodeProcess awaitJoined(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    return new NodeProcess(process, Long.parseLong(line));
  }

  /** As {@code kill -9}: the node gets no chance to leave. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The node leaves in order. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  public static void main(String[] arguments) throws IOException {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(Path.of(arguments[0]))) {
      System.out.println(database.pid());
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }
}
