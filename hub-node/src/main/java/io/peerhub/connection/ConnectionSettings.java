package io.peerhub.connection;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings under {@code peerhub.connection}; each key is described in {@code reference.conf}.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for a free one
 * @param loops how many event loops there are
 * @param allowPlaintext whether peers of other machines may come without TLS
 * @param origins the web pages that may open a WebSocket; {@code *} for any
 */
public record ConnectionSettings(
    String host,
    int port,
    int loops,
    Accept accept,
    Handshake handshake,
    Outbound outbound,
    Optional<TlsSettings> tls,
    boolean allowPlaintext,
    List<String> origins) {

  /**
   * How many may come, and how fast.
   *
   * @param backlog connections that wait in the kernel
   * @param maxConnections open at once
   * @param ratePerSecond accepted a second, once the burst is used up
   * @param burst accepted at once
   */
  public record Accept(int backlog, int maxConnections, int ratePerSecond, int burst) {
    public Accept {
      atLeast(1, backlog, "backlog");
      atLeast(1, maxConnections, "max-connections");
      atLeast(1, ratePerSecond, "accept-rate");
      atLeast(1, burst, "accept-burst");
    }
  }

  /**
   * What is allowed before a peer is authenticated.
   *
   * @param timeout from accept to {@code welcome}, whatever arrives in between
   * @param maxBytes unread input of one connection, and its largest frame
   * @param maxNodeBytes unread input of all of them
   */
  public record Handshake(Duration timeout, int maxBytes, long maxNodeBytes) {
    public Handshake {
      positive(timeout, "handshake-timeout");
      atLeast(512, maxBytes, "handshake-bytes");
      atLeast(maxBytes, maxNodeBytes, "unauthenticated-bytes");
    }
  }

  /**
   * What may wait for a peer that reads slowly.
   *
   * @param maxBytes waiting in one connection before reading of it stops
   * @param maxNodeBytes waiting in all of them before each may hold only a sixteenth of that
   * @param sendBuffer the kernel's part for a connection, in bytes; 0 leaves it to the kernel
   * @param notReadingTimeout without one byte taken, while some wait
   * @param closeTimeout for the last bytes of a connection that is being closed
   */
  public record Outbound(
      int maxBytes,
      long maxNodeBytes,
      int sendBuffer,
      Duration notReadingTimeout,
      Duration closeTimeout) {
    public Outbound {
      atLeast(1024, maxBytes, "waiting-bytes");
      atLeast(maxBytes, maxNodeBytes, "waiting-node-bytes");
      atLeast(0, sendBuffer, "send-buffer");
      positive(notReadingTimeout, "not-reading-timeout");
      positive(closeTimeout, "close-timeout");
    }
  }

  public ConnectionSettings {
    atLeast(0, port, "port");
    atLeast(1, loops, "loops");
    origins = List.copyOf(origins);
  }

  /** Reads the block {@code peerhub.connection}. */
  public static ConnectionSettings from(Config config) {
    return new ConnectionSettings(
        config.getString("host"),
        config.getInt("port"),
        config.getInt("loops"),
        accept(config),
        handshake(config),
        outbound(config),
        TlsSettings.from(config.getConfig("tls")),
        config.getBoolean("allow-plaintext"),
        config.getStringList("origins"));
  }

  private static Accept accept(Config config) {
    return new Accept(
        config.getInt("backlog"),
        config.getInt("max-connections"),
        config.getInt("accept-rate"),
        config.getInt("accept-burst"));
  }

  private static Handshake handshake(Config config) {
    return new Handshake(
        config.getDuration("handshake-timeout"),
        Math.toIntExact(config.getBytes("handshake-bytes")),
        shareOfHeap(config.getDouble("unauthenticated-share")));
  }

  private static Outbound outbound(Config config) {
    return new Outbound(
        Math.toIntExact(config.getBytes("waiting-bytes")),
        shareOfHeap(config.getDouble("waiting-share")),
        Math.toIntExact(config.getBytes("send-buffer")),
        config.getDuration("not-reading-timeout"),
        config.getDuration("close-timeout"));
  }

  private static long shareOfHeap(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share of the heap is between 0 and 1, not " + share);
    }
    return (long) (Runtime.getRuntime().maxMemory() * share);
  }

  private static void atLeast(long least, long value, String key) {
    if (value < least) {
      throw new IllegalArgumentException(key + " is at least " + least + ", not " + value);
    }
  }

  private static void positive(Duration value, String key) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(key + " is positive, not " + value);
    }
  }
}
