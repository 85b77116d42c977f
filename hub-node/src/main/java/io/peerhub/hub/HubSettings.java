package io.peerhub.hub;

import com.typesafe.config.Config;
import io.peerhub.admin.AdminSettings;
import io.peerhub.cluster.FormingSettings;
import io.peerhub.connection.ConnectionSettings;
import io.peerhub.identity.IdentitySettings;
import io.peerhub.identity.PermissionSettings;
import io.peerhub.mailbox.MailboxSettings;
import io.peerhub.peer.PeerSettings;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.DatabaseUrl;
import io.peerhub.room.RoomSettings;
import io.peerhub.routing.HallSettings;
import io.peerhub.routing.RoutingSettings;
import io.peerhub.session.AttendanceSettings;
import io.peerhub.session.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * All settings of a node, read and validated once.
 *
 * @param nodeName how the node calls itself; empty for its cluster address
 * @param forming how the node finds the others
 * @param advertised where peers reach this node; empty for where it listens
 * @param shards over how many shards identities are spread
 * @param queueBytes what may wait for all peers of the node together
 * @param crossingBytes what may be on its way between loops and nodes
 * @param letterBytes what critical messages may hold in memory
 * @param unwrittenBytes what critical messages that are not yet written may hold
 * @param sweepRhythm how often it is looked for what is open and needed by nobody
 * @param drainSpread over how long the peers of a draining node are told to come back
 */
public record HubSettings(
    Mode mode,
    String nodeName,
    Path data,
    IdentitySettings identity,
    PermissionSettings permissions,
    DatabaseSettings database,
    ConnectionSettings connection,
    SessionSettings session,
    PeerSettings peer,
    RoomSettings room,
    AttendanceSettings attendance,
    HallSettings halls,
    RoutingSettings routing,
    MailboxSettings mailbox,
    AdminSettings admin,
    FormingSettings forming,
    String advertised,
    int shards,
    long queueBytes,
    long crossingBytes,
    long letterBytes,
    long unwrittenBytes,
    Duration sweepRhythm,
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
    Mode mode = mode(hub.getString("mode"));
    return new HubSettings(
        mode,
        hub.getString("node-name"),
        data,
        IdentitySettings.from(hub.getConfig("identity"), data),
        PermissionSettings.from(hub.getConfig("permissions"), mode == Mode.PRODUCTION),
        database(hub.getConfig("database"), data),
        ConnectionSettings.from(hub.getConfig("connection")),
        SessionSettings.from(hub.getConfig("session")),
        PeerSettings.from(hub.getConfig("peer")),
        RoomSettings.from(hub.getConfig("room")),
        AttendanceSettings.from(hub.getConfig("room")),
        HallSettings.from(hub.getConfig("room")),
        RoutingSettings.from(hub.getConfig("routing")),
        MailboxSettings.from(hub.getConfig("mailbox")),
        AdminSettings.from(hub.getConfig("http"), data),
        FormingSettings.from(hub.getConfig("cluster")),
        hub.getString("cluster.advertise"),
        hub.getInt("cluster.shards"),
        share(hub, "session.queue-share"),
        share(hub, "routing.crossing-share"),
        share(hub, "mailbox.bodies-share"),
        share(hub, "mailbox.unwritten-share"),
        sweepRhythm(hub.getDuration("ledger.sweep-rhythm")),
        hub.getDuration("session.drain-spread"));
  }

  /** Whether everybody may connect as anybody. */
  public boolean isOpen() {
    return identity.isOpen();
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

  private static DatabaseSettings database(Config database, Path data) {
    String url = database.getString("url");
    DatabaseSettings.Source source =
        url.isEmpty()
            ? new DatabaseSettings.Embedded(data.resolve("postgres"))
            : new DatabaseSettings.External(new DatabaseUrl(url));
    return DatabaseSettings.of(source).withPoolMax(database.getInt("pool-max"));
  }

  private static Duration sweepRhythm(Duration rhythm) {
    if (rhythm.compareTo(Duration.ofSeconds(1)) < 0 || rhythm.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("peerhub.ledger.sweep-rhythm is between 1s and 1h");
    }
    return rhythm;
  }

  private static long share(Config hub, String key) {
    double share = hub.getDouble(key);
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("peerhub." + key + " is above 0 and below 1");
    }
    return (long) (Runtime.getRuntime().maxMemory() * share);
  }
}
