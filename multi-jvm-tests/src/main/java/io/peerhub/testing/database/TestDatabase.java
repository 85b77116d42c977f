package io.peerhub.testing.database;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;

import io.peerhub.persistence.embedded.OwnServer;
import io.peerhub.testing.process.Reaper;
import io.peerhub.testing.process.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL of one test: a real server, as durable as a hub's own, on a free port of loopback,
 * that the test stops, kills, freezes and starts again.
 *
 * <p>Guaranteed: it keeps its port and its data through all of that, nobody starts it again but the
 * test, and {@link #close} or the end of the test's JVM ends all of its processes, frozen or not.
 *
 * <p>One thread at a time.
 */
public final class TestDatabase implements AutoCloseable {
  private final OwnServer server;
  private long pid = -1;
  private boolean isFrozen;

  private TestDatabase(OwnServer server) {
    this.server = server;
  }

  /** Starts one with its data in this directory, which is made. */
  public static TestDatabase start(Path directory) throws IOException {
    FoundedCluster.copyTo(directory);
    TestDatabase database = new TestDatabase(OwnServer.of(directory));
    database.start();
    return database;
  }

  /** Starts it again after a stop or a kill; at the same port, with what was committed. */
  public void start() throws IOException {
    server.start();
    pid = server.pid();
    Reaper.watch(pid);
  }

  /** Stops it in order: {@code pg_ctl stop -m fast}. */
  public void stop() throws IOException {
    stop(OwnServer.Stop.FAST);
  }

  /** Stops it as a power cut would: {@code pg_ctl stop -m immediate}. */
  public void stopImmediately() throws IOException {
    stop(OwnServer.Stop.IMMEDIATE);
  }

  /** Kills the server and the processes of all connections at once. */
  public void kill() throws IOException {
    List<ProcessHandle> all = processes();
    Signal.KILL.toTree(pid);
    await()
        .alias("the end of the database")
        .pollInterval(Duration.ofMillis(5))
        .until(() -> all.stream().noneMatch(TestDatabase::works) && !server.isRunning());
    forget();
  }

  /**
   * Kills the process of one connection in whatever it does. PostgreSQL then throws all others out
   * and recovers, within a second or two.
   *
   * @param backend as {@code pg_backend_pid()} tells it
   */
  public void killBackend(int backend) throws IOException {
    Signal.KILL.to(backend);
  }

  /** Stops all of its processes where they are: sockets stay open, nothing answers. */
  public void freeze() throws IOException {
    Signal.STOP.toTree(pid);
    isFrozen = true;
  }

  public void thaw() throws IOException {
    Signal.CONT.toTree(pid);
    isFrozen = false;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", server.port());
  }

  /** What a hub takes as {@code HUB_DB_URL}; holds the password. */
  public String url() throws IOException {
    return urlAt(address());
  }

  /** The same through a proxy in front of it. */
  public String urlAt(InetSocketAddress proxy) throws IOException {
    return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
        .formatted(
            proxy.getAddress().getHostAddress(),
            proxy.getPort(),
            server.name(),
            server.name(),
            server.password());
  }

  /** A connection as the role that the hub uses. */
  public Connection connect() throws IOException, SQLException {
    return DriverManager.getConnection(url());
  }

  /** What the server says. */
  public Path log() {
    return server.log();
  }

  @Override
  public void close() throws IOException {
    if (server.isRunning()) {
      if (isFrozen) {
        thaw();
      }
      // No test looks at the data any more: it need not be written.
      stopImmediately();
    }
  }

  private void stop(OwnServer.Stop mode) throws IOException {
    server.stop(mode, PATIENCE);
    forget();
  }

  private void forget() {
    Reaper.forget(pid);
  }

  private List<ProcessHandle> processes() {
    return ProcessHandle.of(pid).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .toList();
  }

  /** A zombie, whose parent has yet to take notice, is none of the server's any more. */
  private static boolean works(ProcessHandle process) {
    return Files.exists(Path.of("/proc", Long.toString(process.pid()), "cwd"));
  }
}
