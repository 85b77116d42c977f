package io.peerhub.persistence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a node uses its database.
 *
 * @param source which server
 * @param poolMax connections of one node's pool, 1 to 100; a server's limit is shared by all nodes
 * @param connectTimeout for opening a connection, and for a free one of the pool; at least 250 ms
 * @param statementTimeout after which the server gives a statement up
 * @param lockTimeout after which the server gives up waiting for a lock
 * @param socketTimeout after which a connection that says nothing is cut; longer than a statement
 *     may take, so that it ends only what no server ended
 * @param termDeadline within which a term is there or has failed
 * @param termsWaitingMax peers that may wait for a term at once; one more is refused
 */
public record DatabaseSettings(
    Source source,
    int poolMax,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration lockTimeout,
    Duration socketTimeout,
    Duration termDeadline,
    int termsWaitingMax) {

  /** Which PostgreSQL server holds the data. */
  public sealed interface Source {}

  /** The hub's own server, with its data in this directory. */
  public record Embedded(Path directory) implements Source {
    public Embedded {
      Objects.requireNonNull(directory, "directory");
    }
  }

  /** A server of the operator's. */
  public record External(DatabaseUrl url) implements Source {
    public External {
      Objects.requireNonNull(url, "url");
    }
  }

  private static final Duration SHORTEST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int POOL_LIMIT = 100;
  private static final int WAITING_LIMIT = 10_000_000;

  public DatabaseSettings {
    Objects.requireNonNull(source, "source");
    requireWithin("poolMax", poolMax, POOL_LIMIT);
    requireWithin("termsWaitingMax", termsWaitingMax, WAITING_LIMIT);
    requireWithin("connectTimeout", connectTimeout);
    requireWithin("statementTimeout", statementTimeout);
    requireWithin("lockTimeout", lockTimeout);
    requireWithin("socketTimeout", socketTimeout);
    requireWithin("termDeadline", termDeadline);
    if (socketTimeout.compareTo(statementTimeout) <= 0) {
      throw new IllegalArgumentException(
          "socketTimeout " + socketTimeout + " must exceed statementTimeout " + statementTimeout);
    }
  }

  /** The values that a node uses unless it is told otherwise. */
  public static DatabaseSettings of(Source source) {
    return new DatabaseSettings(
        source,
        4,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(8),
        Duration.ofMillis(2500),
        200_000);
  }

  /** The same with another size of the pool. */
  public DatabaseSettings withPoolMax(int connections) {
    return new DatabaseSettings(
        source,
        connections,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        socketTimeout,
        termDeadline,
        termsWaitingMax);
  }

  private static void requireWithin(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " " + value + " is not within 1 and " + max);
    }
  }

  private static void requireWithin(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " " + value + " is not within " + SHORTEST + " and " + LONGEST);
    }
  }
}
