package io.peerhub.testing.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ends what a test has started when the test's own JVM is no more, whatever ended it: SIGKILL too.
 *
 * <p>It is a process of its own that is told which processes there are, and that notices the end of
 * its standard input, which the kernel closes with the JVM at the other end. Then it kills them
 * with all their descendants; frozen ones as well. It has a session of its own, so a Ctrl-C in the
 * terminal of the tests does not reach it.
 *
 * <p>There is one for each JVM, started with the first process that is entered.
 */
public final class Reaper {
  private static Reaper ofThisJvm;

  private final OutputStream toReaper;

  private Reaper(OutputStream toReaper) {
    this.toReaper = toReaper;
  }

  /** Has this process ended, with its descendants, if this JVM ends before {@link #forget}. */
  public static void watch(long pid) throws IOException {
    Optional<ProcessName> name = ProcessName.of(pid);
    if (name.isPresent()) { // Else it was short, and there is nothing left to end.
      ofThisJvm().say("+" + name.get());
    }
  }

  /** Lets go of a process that has ended. */
  public static void forget(long pid) {
    try {
      ofThisJvm().say("-" + pid);
    } catch (IOException gone) {
      throw new UncheckedIOException("the reaper of the tests' processes has ended", gone);
    }
  }

  private static synchronized Reaper ofThisJvm() throws IOException {
    if (ofThisJvm == null) {
      ofThisJvm = start();
    }
    return ofThisJvm;
  }

  private static Reaper start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                List.of(
                    "setsid",
                    java,
                    "-Xmx16m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    codeOf(Reaper.class),
                    Reaper.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
            .start();
    return new Reaper(process.getOutputStream());
  }

  /** The jar or the directory of a class. */
  private static String codeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private synchronized void say(String line) throws IOException {
    toReaper.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    toReaper.flush();
  }

  /** The other process: hears of processes until nobody speaks any more, then ends them. */
  public static void main(String[] args) throws IOException {
    Set<ProcessName> watched = new LinkedHashSet<>();
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String rest = line.substring(1);
        if (line.startsWith("+")) {
          watched.add(ProcessName.parse(rest));
        } else {
          watched.removeIf(name -> name.pid() == Long.parseLong(rest));
        }
      }
    }
    watched.stream().filter(ProcessName::isAlive).forEach(Reaper::end);
  }

  private static void end(ProcessName name) {
    ProcessHandle.of(name.pid())
        .ifPresent(
            process ->
                Stream.concat(process.descendants().toList().stream(), Stream.of(process))
                    .forEach(ProcessHandle::destroyForcibly));
  }
}
