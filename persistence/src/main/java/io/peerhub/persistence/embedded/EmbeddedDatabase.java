package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's share in the PostgreSQL server of a data directory.
 *
 * <p>Guaranteed: there is one server for a directory, however many nodes join, start at once or are
 * killed; it listens on 127.0.0.1 only; it runs as long as one node uses it, is started again at
 * the same port within seconds if it dies under them, and outlives all of them only if the last was
 * killed, until the next one adopts it.
 *
 * <p>Not guaranteed: anything about directories that several machines, or containers with process
 * ids of their own, share. One directory belongs to one machine.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(90);

  private final DataDirectory data;
  private final Server server;
  private final String password;
  private final CountDownLatch leaving = new CountDownLatch(1);
  private volatile Postmaster postmaster;

  private EmbeddedDatabase(
      DataDirectory data, Server server, Postmaster postmaster, String password) {
    this.data = data;
    this.server = server;
    this.postmaster = postmaster;
    this.password = password;
  }

  /** Joins the server of the directory: adopts the one that runs, or founds and starts one. */
  public static EmbeddedDatabase join(Path directory) throws IOException {
    DataDirectory data = DataDirectory.create(directory);
    try (TurnLock _ = TurnLock.take(data.lock(), TURN_PATIENCE)) {
      Tenants.enter(data.users());
      try {
        Server server = new Server(data, Programs.of(data));
        Postmaster postmaster = server.running();
        String password = Files.readString(data.password()).strip();
        EmbeddedDatabase joined = new EmbeddedDatabase(data, server, postmaster, password);
        Thread.ofVirtual().name("database-watch").start(joined::watch);
        return joined;
      } catch (IOException | RuntimeException e) {
        Tenants.leave(data.users());
        throw e;
      }
    }
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return postmaster.port();
  }

  /** Name of the database and of the role that owns it. */
  public String name() {
    return Cluster.NAME;
  }

  public String password() {
    return password;
  }

  /** The server's process id at this time. */
  public long pid() {
    return postmaster.pid();
  }

  /** Leaves; the last to leave stops the server. Connections must be closed before. */
  @Override
  public synchronized void close() throws IOException {
    if (hasLeft()) {
      return;
    }
    leaving.countDown();
    try (TurnLock _ = TurnLock.take(data.lock(), TURN_PATIENCE)) {
      if (Tenants.leave(data.users())) {
        server.stop();
      }
    }
  }

  private boolean hasLeft() {
    return leaving.getCount() == 0;
  }

  /** Two reads in {@code /proc} a second; the server is nobody's child once it was adopted. */
  private void watch() {
    try {
      while (!leaving.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!postmaster.isAlive()) {
          revive();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private void revive() {
    try (TurnLock _ = TurnLock.take(data.lock(), TURN_PATIENCE)) {
      if (!hasLeft()) {
        postmaster = server.runningAgain(postmaster.port());
        LOG.warn("The database's server had died and runs again, see {}", data.log());
      }
    } catch (IOException e) {
      LOG.error("The database's server has died and does not start again: {}", e.getMessage());
    }
  }
}
