package io.peerhub.testing.process;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process of a test and what it says. Whatever becomes of the test, {@link #close} ends it; and
 * if the test's JVM is killed, the {@link Reaper} does.
 *
 * <p>What it says goes to two files, so that it is there after any end and a process that says much
 * never waits for a reader. It starts with the signals at their defaults: a build in the background
 * of a shell ignores SIGINT, and so would all of its children.
 *
 * <p>May be used by any thread.
 */
public final class Child implements AutoCloseable {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);
  private static final int SHOWN_MAX = 20_000;

  private final Process process;
  private final Path out;
  private final Path err;

  private Child(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Where a process works and what its files begin with: {@code name.out}, {@code name.err}. */
  public record Place(Path directory, String name) {
    Path file(String suffix) {
      return directory.resolve(name + suffix);
    }
  }

  /** Starts a program in a directory, without the settings of whoever runs the tests. */
  public static Child start(Place place, List<String> command) throws IOException {
    return start(place, command, Map.of());
  }

  /** The same with variables for its environment, where a secret belongs. */
  public static Child start(Place place, List<String> command, Map<String, String> environment)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).directory(place.directory().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HUB_"));
    builder.environment().putAll(environment);
    Path out = place.file(".out");
    Path err = place.file(".err");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    Process process = builder.start();
    Reaper.watch(process.pid());
    return new Child(process, out, err);
  }

  /** Says this on its standard input, and no more. */
  public Child hears(String text) throws IOException {
    try (var in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  /** What it has said on its standard output. */
  public String out() {
    return read(out);
  }

  public String err() {
    return read(err);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until a text is among what it said on either stream. */
  public void awaitText(String text) {
    // Whether it lives is asked first: what a dead one has said is all there.
    await().alias(text).pollInterval(LOOK_INTERVAL).until(() -> !isAlive() || said(text));
    if (!said(text)) {
      throw new AssertionError("has ended without \"" + text + "\"; " + said());
    }
  }

  /** Waits until it ends; its exit code. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("does not end; " + said());
    }
    Reaper.forget(pid());
    return process.exitValue();
  }

  /** Sends a signal; {@code KILL} and {@code TERM} do not wait for the end. */
  public void signal(Signal signal) throws IOException {
    signal.to(pid());
  }

  /** Ends it as a power cut would, and waits for that. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** What it said, cut where it is long, for the message of a failure. */
  public String said() {
    return "it said:\n" + tail(out()) + tail(err());
  }

  /** Ends it in order if that goes, and by force if not; frozen or not. */
  @Override
  public void close() {
    try {
      if (isAlive()) {
        signal(Signal.CONT);
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          Signal.KILL.toTree(pid());
        }
      }
      Reaper.forget(pid());
    } catch (IOException unsent) {
      process.destroyForcibly();
      throw new UncheckedIOException(unsent);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private boolean said(String text) {
    return out().contains(text) || err().contains(text);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - SHOWN_MAX));
  }
}
