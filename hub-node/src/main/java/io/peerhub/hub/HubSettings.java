package io.peerhub.hub;

import com.typesafe.config.Config;
import io.peerhub.admin.AdminSettings;
import io.peerhub.connection.ConnectionSettings;
import io.peerhub.peer.PeerSettings;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.DatabaseUrl;
import io.peerhub.routing.RoutingSettings;
import io.peerhub.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All settings of a node, read and validated once.
 *
 * @param nodeName how the node calls itself; empty for its cluster address
 * @param keysFile where the keys of {@code hmac} are; empty where peers prove nothing
 * @param shards over how many shards identities are spread
 * @param queueBytes what may wait for all peers of the node together
 * @param crossingBytes what may be on its way between loops and nodes
 * @param drainSpread over how long the peers of a draining node are told to come back
 */
public record HubSettings(
    Mode mode,
    String nodeName,
    Path data,
    Optional<Path> keysFile,
    DatabaseSettings database,
    ConnectionSettings connection,
    SessionSettings session,
    PeerSettings peer,
    RoutingSettings routing,
    AdminSettings admin,
    List<String> seedNodes,
    int shards,
    long queueBytes,
    long crossingBytes,
    Duration drainSpread) {
  /** How careful a node is. */
  public enum Mode {
    DEVELOPMENT,
    PRODUCTION
  }

  /** Reads all of {@code peerhub}. */
  public static HubSettings from(Config all) {
    Config hub = all.getConfig("peerhub");
    Path data = Path.of(hub.getString("data"));
    return new HubSettings(
        mode(hub.getString("mode")),
        hub.getString("node-name"),
        data,
        keysFile(hub.getConfig("identity")),
        database(hub.getConfig("database"), data),
        ConnectionSettings.from(hub.getConfig("connection")),
        SessionSettings.from(hub.getConfig("session")),
        PeerSettings.from(hub.getConfig("peer")),
        RoutingSettings.from(hub.getConfig("routing")),
        AdminSettings.from(hub.getConfig("http"), data),
        hub.getStringList("cluster.seed-nodes"),
        hub.getInt("cluster.shards"),
        share(hub, "session.queue-share"),
        share(hub, "routing.crossing-share"),
        hub.getDuration("session.drain-spread"));
  }

  /** Where the database is, without its password. */
  public String databaseName() {
    return switch (database.source()) {
      case DatabaseSettings.Embedded own -> "embedded, in " + own.directory();
      case DatabaseSettings.External external -> external.url().toString();
    };
  }

  private static Mode mode(String text) {
    return switch (text) {
      case "development" -> Mode.DEVELOPMENT;
      case "production" -> Mode.PRODUCTION;
      default ->
          throw new IllegalArgumentException(
              "peerhub.mode is development or production, not " + text);
    };
  }

  private static Optional<Path> keysFile(Config identity) {
    String file = identity.getString("keys-file");
    return switch (identity.getString("auth")) {
      case "none" -> Optional.empty();
      case "hmac" -> {
        if (file.isEmpty()) {
          throw new IllegalArgumentException("auth hmac needs peerhub.identity.keys-file");
        }
        yield Optional.of(Path.of(file));
      }
      default -> throw new IllegalArgumentException("peerhub.identity.auth is none or hmac");
    };
  }

  private static DatabaseSettings database(Config database, Path data) {
    String url = database.getString("url");
    DatabaseSettings.Source source =
        url.isEmpty()
            ? new DatabaseSettings.Embedded(data.resolve("postgres"))
            : new DatabaseSettings.External(new DatabaseUrl(url));
    return DatabaseSettings.of(source).withPoolMax(database.getInt("pool-max"));
  }

  private static long share(Config hub, String key) {
    double share = hub.getDouble(key);
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("peerhub." + key + " is above 0 and below 1");
    }
    return (long) (Runtime.getRuntime().maxMemory() * share);
  }
}
