package io.peerhub.persistence.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the server's programs as the server's user.
 *
 * <p>They get a bare environment: whatever secrets the node was given in its own must not be found
 * in that of a server which outlives it.
 */
record Programs(Binaries binaries, ServerUser user, Path workingDirectory) {

  static Programs of(DataDirectory data) throws IOException {
    ServerUser user = ServerUser.choose();
    user.letThrough(data);
    return new Programs(Binaries.unpackedUnder(data.binaries()), user, data.root());
  }

  /** Runs a program to its end; what it printed is in the failure if it failed. */
  void run(String input, String program, String... arguments) throws IOException {
    Process process = prepare(List.of(), program, arguments).redirectErrorStream(true).start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (exitCode(process) != 0) {
      throw new IOException(program + " failed: " + output.strip());
    }
  }

  /**
   * Starts a program in a session of its own: a Ctrl-C in the node's terminal goes to the node's
   * process group, and must not reach the database before the node has stopped it in order.
   */
  Process startDetached(Path log, String program, String... arguments) throws IOException {
    return prepare(List.of("setsid"), program, arguments)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private ProcessBuilder prepare(List<String> wrapper, String program, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(binaries.program(program));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(user.command(command)).directory(workingDirectory.toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    environment.clear();
    environment.putAll(Map.of("PATH", path, "LC_ALL", "C", "TZ", "UTC"));
    return builder;
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new InterruptedIOException("interrupted while a program of the database ran");
    }
  }
}
