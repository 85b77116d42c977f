package io.peerhub.testing.scene;

import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.process.Child;
import io.peerhub.testing.proxy.FaultProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a test plays: a directory of its own, and all that was started in it.
 *
 * <p>Guaranteed: what is started here ends with the scene, the last first, whatever the test did to
 * it; scenes of tests that run at the same time share no port, no file and no process; the
 * directory goes with the scene, unless the test has failed ({@link #keepLogs}): then what its
 * processes said stays, and a line says where.
 *
 * <p>Belongs to the thread of the test. {@link SceneExtension} opens and closes one for each test.
 */
public final class Scene implements AutoCloseable {
  private static final Path HOME = Path.of("target", "scenes").toAbsolutePath();

  private final Path directory;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private int databases;
  private int nodes;
  private boolean isKept;

  private Scene(Path directory) {
    this.directory = directory;
  }

  /** Opens a scene; the name is for whoever looks for its logs. */
  public static Scene open(String name) throws IOException {
    Files.createDirectories(HOME);
    String plain = name.replaceAll("[^A-Za-z0-9.]+", "-");
    String shown = plain.substring(0, Math.min(plain.length(), 80));
    return new Scene(Files.createTempDirectory(HOME, shown + "-"));
  }

  /** A PostgreSQL of the test's own. */
  public TestDatabase database() throws IOException {
    databases++;
    return ending(TestDatabase.start(directory.resolve("postgres-" + databases)));
  }

  /** A node that takes peers. */
  public TestNode node(NodeSettings settings) throws IOException {
    nodes++;
    return ending(TestNode.start(directory, "node-" + nodes, settings));
  }

  /** A proxy in front of a server. */
  public FaultProxy proxy(InetSocketAddress server) throws IOException {
    return ending(FaultProxy.to(server));
  }

  /**
   * A program of Java with the class path of the test, in a process of its own.
   *
   * @param name what its files begin with
   */
  public Child program(String name, Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return ending(Child.start(new Child.Place(directory, name), command, Map.of()));
  }

  /** Has something else end with the scene. */
  public <T extends AutoCloseable> T ending(T thing) {
    opened.push(thing);
    return thing;
  }

  /** For what the test itself writes. */
  public Path directory() {
    return directory;
  }

  /** The test has failed: what was said here stays. */
  public void keepLogs() {
    isKept = true;
  }

  /**
   * Ends all, the last first. What cannot be ended does not keep the rest from it.
   *
   * @throws IllegalStateException if something could not be closed; what, is suppressed in it
   */
  @Override
  public void close() throws IOException {
    List<Exception> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failed) {
        failures.add(failed);
      }
    }
    if (isKept) {
      keepWhatWasSaid();
      System.err.println("The test has failed; what its processes said is in " + directory);
    } else {
      delete(directory);
    }
    if (!failures.isEmpty()) {
      IllegalStateException all = new IllegalStateException("not all of the scene could be closed");
      failures.forEach(all::addSuppressed);
      throw all;
    }
  }

  /** Keeps what is read by people and histories; a database is large, and its log small. */
  private void keepWhatWasSaid() throws IOException {
    for (int i = 1; i <= databases; i++) {
      Path data = directory.resolve("postgres-" + i);
      Path log = data.resolve("server.log");
      if (Files.exists(log)) {
        Files.move(log, directory.resolve("postgres-" + i + ".log"));
      }
      delete(data);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(tree)) {
      all = new ArrayList<>(walk.toList());
    }
    for (Path path : all.reversed()) {
      Files.deleteIfExists(path);
    }
  }
}
