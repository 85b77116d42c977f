package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The server process of a data directory: found or started, and stopped.
 *
 * <p>Callers hold the directory's {@link TurnLock}: nobody else starts or stops meanwhile.
 */
record Server(DataDirectory data, Programs programs) {

  /** Long, because a server that recovers from a power cut must not be cut short. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  private static final Duration RETRY_PATIENCE = Duration.ofSeconds(3);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  /** Below the range from which outgoing connections are given theirs: they could take it. */
  private static final int PORT_MIN = 15_000;

  private static final int PORT_MAX = 32_000;
  private static final long LOG_MAX_BYTES = 1 << 20;
  private static final int LOG_LINES_SHOWN = 5;

  /** Returns the server of this directory: the one that runs, or else a new one. */
  Postmaster running() throws IOException {
    Optional<Postmaster> living = living();
    return living.isPresent() ? living.get() : started(OptionalInt.empty());
  }

  /** The same for a server that died under its nodes, which go on looking for it at this port. */
  Postmaster runningAgain(int port) throws IOException {
    Optional<Postmaster> living = living();
    return living.isPresent() ? living.get() : started(OptionalInt.of(port));
  }

  private Postmaster started(OptionalInt fixedPort) throws IOException {
    new Cluster(data, programs).foundUnlessFounded();
    Wait wait = Wait.atMost(RETRY_PATIENCE);
    while (true) {
      try {
        return start(fixedPort.orElseGet(this::choosePort));
      } catch (IOException e) {
        // The port was taken in between; a killed server's last processes still go down; or the
        // killed starter of a server that is only now visible was faster than we are.
        wait.orFail(e.getMessage());
      }
      Optional<Postmaster> living = living();
      if (living.isPresent()) {
        return living.get();
      }
      deleteMisleadingFile();
    }
  }

  /** The server that others left or use, once it is ready; empty if there is none. */
  private Optional<Postmaster> living() throws IOException {
    Wait wait = Wait.atMost(START_PATIENCE);
    Optional<Postmaster> found = Postmaster.of(data.cluster());
    while (found.isPresent() && found.get().isAlive()) {
      if (found.get().ready()) {
        return found;
      }
      wait.orFail("the database has been starting or stopping for too long: " + data.log());
      found = Postmaster.of(data.cluster());
    }
    return Optional.empty();
  }

  /**
   * PostgreSQL overwrites a stale {@code postmaster.pid} by itself, with more checks than we could
   * make, but refuses two kinds: one whose process id belongs to somebody else by now, and one that
   * a power cut left empty. Nothing else is deleted.
   */
  private void deleteMisleadingFile() throws IOException {
    Optional<Postmaster> stale = Postmaster.of(data.cluster());
    if (stale.isEmpty() || ProcessHandle.of(stale.get().pid()).isPresent()) {
      Files.deleteIfExists(Postmaster.file(data.cluster()));
    }
  }

  /**
   * Stops the server in order; one that takes too long is cut off and recovers at its next start.
   */
  void stop() throws IOException {
    if (!stopped("fast", STOP_PATIENCE)) {
      stopped("immediate", STOP_PATIENCE);
    }
  }

  private Postmaster start(int port) throws IOException {
    new Cluster(data, programs).configure(port);
    Files.writeString(data.port(), Integer.toString(port));
    startLog();
    Process process =
        programs.startDetached(data.log(), "postgres", "-D", data.cluster().toString());
    try {
      return ready(process);
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  private Postmaster ready(Process process) throws IOException {
    Wait wait = Wait.atMost(START_PATIENCE);
    while (process.isAlive()) {
      // The process id tells the file of this server from one that a killed server left.
      Optional<Postmaster> own =
          Postmaster.of(data.cluster()).filter(found -> found.pid() == process.pid());
      if (own.isPresent() && own.get().ready()) {
        return own.get();
      }
      wait.orFail("the database is not ready in time: " + lastWords());
    }
    throw new IOException("the database does not start: " + lastWords());
  }

  /** Whether it has ended in time after it was told to stop in a mode of {@code pg_ctl}. */
  boolean stopped(String mode, Duration patience) throws IOException {
    Optional<Postmaster> postmaster = Postmaster.of(data.cluster());
    if (postmaster.isEmpty() || !postmaster.get().isAlive()) {
      return true;
    }
    programs.run("", "pg_ctl", "stop", "--no-wait", "-m", mode, "-D", data.cluster().toString());
    Wait wait = Wait.atMost(patience);
    while (postmaster.get().isAlive()) {
      if (wait.isOver()) {
        return false;
      }
      wait.step();
    }
    return true;
  }

  /** The port of last time if it is free, so that it may be written down; else one that is. */
  private int choosePort() {
    int port = portOfLastTime();
    while (!isFree(port)) {
      port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
    }
    return port;
  }

  private int portOfLastTime() {
    try {
      return Integer.parseInt(Files.readString(data.port()).strip());
    } catch (IOException | NumberFormatException e) {
      return ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private void startLog() throws IOException {
    Path log = data.log();
    if (Files.exists(log) && Files.size(log) > LOG_MAX_BYTES) {
      Files.move(log, data.olderLog(), StandardCopyOption.REPLACE_EXISTING);
    }
    DataDirectory.createPrivate(log);
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(data.log());
    int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
    return String.join(" | ", lines.subList(from, lines.size()));
  }
}
