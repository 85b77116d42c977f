package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The server of a data directory in one pair of hands: whoever has it starts and stops it, as tests
 * of what a hub does meanwhile need it. Durable like every embedded server.
 *
 * <p>Guaranteed: it keeps its port from one start to the next; nothing starts it again but {@link
 * #start}. Not guaranteed: that it ends with this process. A directory that nodes join ({@link
 * EmbeddedDatabase}) is no directory for this. May be called by any thread, one call at a time.
 */
public final class OwnServer {
  /** How a server is told to stop, in PostgreSQL's words. */
  public enum Stop {
    /** Connections are cut and what is open is rolled back; all is written. */
    FAST,
    /** As in a power cut: the next start recovers from the log. */
    IMMEDIATE
  }

  private static final Duration TURN_PATIENCE = Duration.ofSeconds(90);

  private final DataDirectory data;
  private final Server server;
  private OptionalInt port = OptionalInt.empty();

  private OwnServer(DataDirectory data, Server server) {
    this.data = data;
    this.server = server;
  }

  /** The server of a directory, which need not exist yet. Starts nothing. */
  public static OwnServer of(Path directory) throws IOException {
    DataDirectory data = DataDirectory.create(directory);
    return new OwnServer(data, new Server(data, Programs.of(data)));
  }

  /** Starts it, founded if it is not yet; returns when it takes connections. */
  public synchronized void start() throws IOException {
    try (TurnLock _ = TurnLock.take(data.lock(), TURN_PATIENCE)) {
      Postmaster started =
          port.isPresent() ? server.runningAgain(port.getAsInt()) : server.running();
      port = OptionalInt.of(started.port());
    }
  }

  /**
   * Stops it and waits for its end.
   *
   * @throws IOException if it does not end within the patience; a server that is frozen does not
   */
  public synchronized void stop(Stop mode, Duration patience) throws IOException {
    try (TurnLock _ = TurnLock.take(data.lock(), TURN_PATIENCE)) {
      if (!server.stopped(mode.name().toLowerCase(Locale.ROOT), patience)) {
        throw new IOException("the database does not stop within " + patience);
      }
    }
  }

  public boolean isRunning() throws IOException {
    return Postmaster.of(data.cluster()).filter(Postmaster::isAlive).isPresent();
  }

  /**
   * The process of the server, whose descendants are the processes of its connections.
   *
   * @throws IOException if it does not run
   */
  public long pid() throws IOException {
    return Postmaster.of(data.cluster())
        .filter(Postmaster::isAlive)
        .orElseThrow(() -> new IOException("the database does not run"))
        .pid();
  }

  /** Where it listens on 127.0.0.1, once it was started. */
  public synchronized int port() {
    return port.orElseThrow(() -> new IllegalStateException("the database was not started yet"));
  }

  /** Name of the database and of the role that owns it. */
  public String name() {
    return Cluster.NAME;
  }

  public String password() throws IOException {
    return Files.readString(data.password()).strip();
  }

  /** What it says. */
  public Path log() {
    return data.log();
  }
}
