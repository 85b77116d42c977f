package io.peerhub.processes;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of a test and what it says. Whatever becomes of the test, {@link #close} ends it.
 *
 * <p>It starts with the signals at their defaults: a build in the background of a shell ignores
 * SIGINT, and so would all of its children.
 */
final class Child implements AutoCloseable {
  /** How long anything may take here: long, since a busy machine fails no test. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final StringBuffer out = new StringBuffer();
  private final StringBuffer err = new StringBuffer();
  private final List<Thread> readers;

  private Child(Process process) {
    this.process = process;
    readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
  }

  /** Starts a program in a directory, without the settings of whoever runs the tests. */
  static Child start(Path directory, List<String> command) throws IOException {
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HUB_"));
    return new Child(builder.start());
  }

  /** Says this on its standard input, and no more. */
  Child hears(String text) throws IOException {
    try (var in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until a text is among what it said on either stream. */
  void awaitText(String text) {
    await(text)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> hasSaid(text) || readers.stream().noneMatch(Thread::isAlive));
    if (!hasSaid(text)) {
      throw new AssertionError("has ended without \"" + text + "\"; " + said());
    }
  }

  /** Waits until it ends; its exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("does not end; " + said());
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  String said() {
    return "it said:\n" + out + err;
  }

  @Override
  public void close() {
    if (isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException interrupted) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean hasSaid(String text) {
    return out.indexOf(text) >= 0 || err.indexOf(text) >= 0;
  }

  private static Thread read(InputStream stream, StringBuffer into) {
    return Thread.startVirtualThread(
        () -> {
          try (var reader =
              new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> into.append(line).append('\n'));
          } catch (IOException closed) {
            into.append("(closed: ").append(closed.getMessage()).append(")\n");
          }
        });
  }
}
