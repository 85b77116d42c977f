package io.peerhub.persistence.embedded;

import static io.peerhub.Patience.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A data directory for each test, or, in a static field, for all of a class, with its server's life
 * and death in the test's hands. All share one copy of the unpacked binaries, and each gets a copy
 * of one founded cluster: founding is what takes long, since it forces a thousand files to the
 * disk.
 */
public final class TestDirectory
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private static Path founded;

  private Path path;
  private boolean isOfAll;

  @Override
  public void beforeAll(ExtensionContext tests) throws IOException {
    isOfAll = true;
    make();
  }

  @Override
  public void beforeEach(ExtensionContext test) throws IOException {
    if (!isOfAll) {
      make();
    }
  }

  private void make() throws IOException {
    path = empty();
    for (String name : List.of("cluster", "password")) {
      run("cp", "-a", founded().resolve(name).toString(), path.toString());
    }
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    if (!isOfAll) {
      destroy();
    }
  }

  @Override
  public void afterAll(ExtensionContext tests) throws IOException {
    destroy();
  }

  private void destroy() throws IOException {
    if (server().isPresent()) {
      signal("KILL");
    }
    DataDirectory.deleteTree(path);
  }

  private static Path empty() throws IOException {
    Path directory = Files.createTempDirectory(TARGET, "data");
    Path binaries = Files.createDirectories(TARGET.resolve("postgresql"));
    Files.createSymbolicLink(directory.resolve("binaries"), binaries);
    return directory;
  }

  private static synchronized Path founded() throws IOException {
    if (founded == null) {
      Path directory = empty();
      EmbeddedDatabase.join(directory).close();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(directory)));
      founded = directory;
    }
    return founded;
  }

  private static void deleteQuietly(Path directory) {
    try {
      DataDirectory.deleteTree(directory);
    } catch (IOException e) {
      System.err.println("left behind: " + directory);
    }
  }

  private static void run(String... command) throws IOException {
    new ProcessBuilder(command).start().onExit().join();
  }

  public Path path() {
    return path;
  }

  /** The living server's process id. */
  public Optional<Long> server() throws IOException {
    return Postmaster.of(path.resolve("cluster")).filter(Postmaster::isAlive).map(Postmaster::pid);
  }

  /**
   * To the server and all its children: stopped, all of it is silent; killed, nothing is saved.
   * Returns when that is so. A child that was just being made is not missed: the server stops first
   * and makes no other.
   */
  public void signal(String signal) throws IOException {
    ProcessHandle server = ProcessHandle.of(server().orElseThrow()).orElseThrow();
    if (signal.equals("STOP")) {
      send(signal, List.of(server));
      await().until(() -> isStopped(server));
      await()
          .until(
              () -> {
                List<ProcessHandle> awake =
                    server.descendants().filter(process -> !isStopped(process)).toList();
                send(signal, awake);
                return awake.isEmpty();
              });
      return;
    }
    List<ProcessHandle> all = Stream.concat(Stream.of(server), server.descendants()).toList();
    send(signal, all);
    if (signal.equals("KILL")) {
      await().until(() -> all.stream().noneMatch(process -> isRunning(process.pid())));
    }
  }

  private static void send(String signal, List<ProcessHandle> processes) throws IOException {
    if (!processes.isEmpty()) {
      Stream<String> pids = processes.stream().map(process -> Long.toString(process.pid()));
      run(Stream.concat(Stream.of("kill", "-" + signal), pids).toArray(String[]::new));
    }
  }

  /** Gone counts too. */
  private static boolean isStopped(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return "TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException gone) {
      return true;
    }
  }

  /** A zombie, which its new parent has yet to reap, has no working directory. */
  static boolean isRunning(long pid) {
    return Files.exists(Path.of("/proc", Long.toString(pid), "cwd"));
  }
}
