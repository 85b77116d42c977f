package io.peerhub.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what changes in the database, from whichever node or person, over a connection of its own.
 *
 * <p>Guaranteed: every change that is committed while the feed {@link #isLive} is told, and
 * whenever some may have gone by unheard, at the start too, the reader is told that instead. Not
 * guaranteed: when. So what is remembered of the database needs an age limit as well, for the time
 * in which the feed does not know yet that its connection is dead (at most {@value #ROUND_MILLIS}
 * ms and a socket's timeout), and for a pooler between that swallows notifications.
 */
public final class ChangeFeed implements AutoCloseable {

  /** Who is told; on the feed's thread, one call at a time. It may wait for the database. */
  public interface Reader {
    /** This has changed: what it is follows from the channel. */
    void changed(String what);

    /** Changes may have gone by: whatever is remembered is to be asked again. */
    void missed();
  }

  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final int ROUND_MILLIS = 5_000;
  private static final int VALID_SECONDS = 2;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DataSource server;
  private final String channel;
  private final Reader reader;
  private final Thread thread;
  private volatile Connection connection;
  private volatile boolean live;
  private volatile boolean closed;

  private ChangeFeed(DataSource server, String channel, Reader reader) {
    this.server = server;
    this.channel = channel;
    this.reader = reader;
    this.thread = Thread.ofVirtual().name("changes-" + channel).unstarted(this::follow);
  }

  /**
   * @param server gives a connection that nobody else uses
   * @param channel a name that is one of ours: it enters the statement as it is
   */
  static ChangeFeed start(DataSource server, String channel, Reader reader) {
    ChangeFeed feed = new ChangeFeed(server, channel, reader);
    feed.thread.start();
    return feed;
  }

  /** Whether changes are heard, as far as is known. */
  public boolean isLive() {
    return live;
  }

  /** Ends it; the reader hears nothing any more afterwards. */
  @Override
  public void close() {
    closed = true;
    live = false;
    Connection open = connection;
    try {
      if (open != null) {
        // It waits in a read, and a polite close would wait for that.
        open.abort(Runnable::run);
      }
      thread.interrupt();
      thread.join(Duration.ofSeconds(VALID_SECONDS));
    } catch (SQLException e) {
      LOG.debug("the connection was gone already: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    boolean told = false;
    while (!closed) {
      try (Connection own = server.getConnection();
          Statement statement = own.createStatement()) {
        connection = own;
        statement.execute("listen " + channel);
        reader.missed();
        live = true;
        told = false;
        listen(own);
      } catch (SQLException | RuntimeException e) {
        if (!closed && !told) {
          told = true;
          LOG.warn("changes in the database are not heard for now: {}", e.getMessage());
        }
      }
      live = false;
      connection = null;
      pause();
    }
  }

  private void listen(Connection own) throws SQLException {
    PGConnection postgres = own.unwrap(PGConnection.class);
    while (!closed) {
      PGNotification[] heard = postgres.getNotifications(ROUND_MILLIS);
      if (heard == null || heard.length == 0) {
        if (!own.isValid(VALID_SECONDS)) {
          throw new SQLException("the connection is dead");
        }
        continue;
      }
      for (PGNotification notification : heard) {
        reader.changed(notification.getParameter());
      }
    }
  }

  private void pause() {
    if (!closed) {
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException ended) {
        LOG.debug("told to end");
      }
    }
  }
}
