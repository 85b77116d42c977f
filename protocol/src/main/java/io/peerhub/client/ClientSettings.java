package io.peerhub.client;

import io.peerhub.protocol.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * All that a client can be told, checked when it is made.
 *
 * <p>
 *
 * {@snippet file="ClientExamples.java" region="settings"}
 *
 * @param peer the identity to connect as
 * @param servers in order of priority; at least one
 * @param credentials how the identity is proven
 * @param tls the context for TLS with the check of host names; empty for plain TCP
 * @param name free text that the hub shows for this client
 * @param info what the hub shows about this client; no rule reads it
 * @param window the most messages that the hub may send ahead of our acks, 1 to 10,000
 * @param heartbeat the silence after which each side asks for a sign of life, 1 s to 300 s; what
 *     the hub makes of it holds
 * @param patience how long each step may take
 * @param retry how it comes back
 * @param limits how much it may hold
 */
public record ClientSettings(
    Identity peer,
    List<ServerAddress> servers,
    Credentials credentials,
    Optional<SSLContext> tls,
    String name,
    Map<String, String> info,
    int window,
    Duration heartbeat,
    Patience patience,
    Retry retry,
    Limits limits) {
  public ClientSettings {
    servers = List.copyOf(servers);
    info = Map.copyOf(info);
    require(!servers.isEmpty(), "a client needs a server");
    require(window >= 1 && window <= 10_000, "window is 1 to 10,000");
    requireWithin(heartbeat, Duration.ofSeconds(1), Duration.ofSeconds(300), "heartbeat");
  }

  /**
   * @param connect the most that a TCP connection may take to be made: 5 s
   * @param handshake the most that TLS and the proof may take after it: 10 s
   * @param close the most that {@link PeerHubClient#close()} waits for what is under way: 2 s
   */
  public record Patience(Duration connect, Duration handshake, Duration close) {
    public static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(2));

    public Patience {
      requireWithin(connect, Duration.ofMillis(1), Duration.ofMinutes(10), "connect");
      requireWithin(handshake, Duration.ofMillis(1), Duration.ofMinutes(10), "handshake");
      requireWithin(close, Duration.ZERO, Duration.ofMinutes(10), "close");
    }
  }

  /**
   * Exponential back-off with full jitter: the wait before the n-th round through the servers is
   * random between 0 and {@code first * 2^n}, at most {@code most}.
   *
   * @param first 0.5 s
   * @param most 60 s
   * @param attemptsMax failed attempts in a row after which the client gives up; 0: never
   */
  public record Retry(Duration first, Duration most, int attemptsMax) {
    public static final Retry DEFAULT =
        new Retry(Duration.ofMillis(500), Duration.ofSeconds(60), 0);

    public Retry {
      requireWithin(first, Duration.ofMillis(1), Duration.ofHours(1), "first");
      requireWithin(most, first, Duration.ofHours(1), "most");
      require(attemptsMax >= 0, "attemptsMax is not negative");
    }
  }

  /**
   * @param liveMax live messages that wait to be written: 2,000. While the client is away the
   *     oldest is dropped for the next; while it is connected {@code send} waits
   * @param liveTtl how long a live message waits to be written: 30 s
   * @param criticalMax critical messages that wait while the client is away: 100,000; past it they
   *     are refused with 4002
   * @param unansweredMax messages that are written and of which the hub has not yet told that it
   *     took them, or what became of them: 8,192; past it the rest waits
   * @param bytesMax all messages that are held, in bytes: 16 MiB
   * @param requestsMax requests and asks without an answer: 65,536; past it they are refused with
   *     4002
   */
  public record Limits(
      int liveMax,
      Duration liveTtl,
      int criticalMax,
      int unansweredMax,
      long bytesMax,
      int requestsMax) {
    public static final Limits DEFAULT =
        new Limits(2_000, Duration.ofSeconds(30), 100_000, 8_192, 16L << 20, 65_536);

    public Limits {
      require(liveMax >= 1, "liveMax is at least 1");
      requireWithin(liveTtl, Duration.ofMillis(1), Duration.ofDays(1), "liveTtl");
      require(criticalMax >= 1, "criticalMax is at least 1");
      require(unansweredMax >= 1, "unansweredMax is at least 1");
      require(bytesMax >= 1, "bytesMax is at least 1");
      require(requestsMax >= 1, "requestsMax is at least 1");
    }
  }

  /** Begins the settings of a client that connects as {@code peer}. */
  public static Builder builder(String peer) {
    return new Builder(new Identity(peer));
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }

  private static void requireWithin(Duration value, Duration least, Duration most, String what) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(what + " is " + least + " to " + most + ", not " + value);
    }
  }

  /** Collects settings; what is not set has its default. Belongs to one thread. */
  public static final class Builder {
    private final Identity peer;
    private final List<ServerAddress> servers = new ArrayList<>();
    private final Map<String, String> info = new LinkedHashMap<>();
    private Credentials credentials = Credentials.none();
    private Optional<SSLContext> tls = Optional.empty();
    private String name = "peerhub-java";
    private int window = 256;
    private Duration heartbeat = Duration.ofSeconds(30);
    private Patience patience = Patience.DEFAULT;
    private Retry retry = Retry.DEFAULT;
    private Limits limits = Limits.DEFAULT;

    private Builder(Identity peer) {
      this.peer = peer;
    }

    /** Adds a server, {@code host} or {@code host:port}; the first has the highest priority. */
    public Builder server(String address) {
      return server(ServerAddress.parse(address));
    }

    public Builder server(ServerAddress address) {
      servers.add(address);
      return this;
    }

    public Builder credentials(Credentials value) {
      credentials = value;
      return this;
    }

    public Builder tls(SSLContext value) {
      tls = Optional.of(value);
      return this;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder info(String key, String value) {
      info.put(key, value);
      return this;
    }

    public Builder window(int value) {
      window = value;
      return this;
    }

    public Builder heartbeat(Duration value) {
      heartbeat = value;
      return this;
    }

    public Builder patience(Patience value) {
      patience = value;
      return this;
    }

    public Builder retry(Retry value) {
      retry = value;
      return this;
    }

    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    public ClientSettings build() {
      return new ClientSettings(
          peer, servers, credentials, tls, name, info, window, heartbeat, patience, retry, limits);
    }
  }
}
