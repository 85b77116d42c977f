package io.peerhub.admin;

import static io.peerhub.Patience.PATIENCE;

import com.typesafe.config.ConfigFactory;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.mail.Seat;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Presence;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.room.RoomCensus;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A door on a free port of loopback, in front of a real roster and counters, for the tests. */
final class AdminDoor implements AutoCloseable {
  /** What is not to come in the life of a test, however slow the machine is. */
  static final Duration NEVER = Duration.ofHours(1);

  final Meters meters = new Meters();
  final Ledger ledger = new Ledger();
  final Levels levels = new Levels(System::nanoTime);
  final LatencySample latency = new LatencySample();
  final AtomicBoolean listening = new AtomicBoolean(true);
  final AtomicBoolean memberUp = new AtomicBoolean(true);
  final AtomicBoolean draining = new AtomicBoolean();
  final AtomicBoolean databaseReachable = new AtomicBoolean(true);
  final ActorRef<Roster.Command> roster;
  final RoomCensus rooms = new RoomCensus();
  final AtomicInteger drains = new AtomicInteger();

  /** All rosters of the hub, this node's first. */
  final List<ActorRef<Roster.Command>> rosters = new CopyOnWriteArrayList<>();

  final AdminSettings settings;
  final AdminServer server;

  private final ActorTestKit kit;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  AdminDoor(ActorTestKit kit, Path data) throws Exception {
    this(kit, data, NEVER);
  }

  AdminDoor(ActorTestKit kit, Path data, Duration lifetime) throws Exception {
    this(kit, "127.0.0.1", ownToken(data), lifetime);
  }

  /** An actor system that may take its time to end. */
  static ActorTestKit system() {
    return ActorTestKit.create(
        ConfigFactory.parseString(
                """
                pekko.actor.testkit.typed {
                  default-timeout = 60s
                  system-shutdown-default = 60s
                }
                """)
            .withFallback(ConfigFactory.load()));
  }

  /** Whoever reaches the port sees health and metrics; the token is the node's own. */
  static AdminSettings.Access ownToken(Path data) {
    return new AdminSettings.Access(data.resolve("admin.token"), false, List.of(), true, true);
  }

  AdminDoor(ActorTestKit kit, String host, AdminSettings.Access access, Duration lifetime)
      throws Exception {
    this.kit = kit;
    this.roster = kit.spawn(Roster.create("here"));
    this.rosters.add(roster);
    this.settings = new AdminSettings(host, 0, access, 16, NEVER, lifetime, PATIENCE);
    AdminView.Facts facts =
        new AdminView.Facts(listening::get, memberUp::get, draining::get, databaseReachable::get);
    AdminView view =
        new AdminView(
            "here", meters, ledger, levels, latency, cluster(), AdminDoor::noDevices, facts);
    this.server =
        AdminServer.start(kit.system(), settings, view)
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private AdminView.Cluster cluster() {
    ActorRef<Peer.Command> peers =
        kit.spawn(
            Behaviors.receive(Peer.Command.class)
                .onMessage(
                    Peer.Ask.class,
                    ask -> {
                      ask.replyTo()
                          .tell(new Peer.Whereabouts(ask.identity(), Presence.AWAY, 7, ask.id()));
                      return Behaviors.same();
                    })
                .build());
    return new AdminView.Cluster(() -> rosters, peers, rooms, drains::incrementAndGet);
  }

  private static DeviceDesk noDevices() {
    throw new IllegalStateException("there is no database behind this door");
  }

  int port() {
    return server.address().getPort();
  }

  String token() throws IOException {
    return Files.readString(settings.access().tokenFile()).strip();
  }

  void sits(String identity, long epoch) {
    sits(roster, identity, epoch, "json");
  }

  void sits(ActorRef<Roster.Command> there, String identity, long epoch, String wire) {
    Seat seat = new Seat(kit.<io.peerhub.mail.SessionInput>createTestProbe().ref(), 0);
    there.tell(
        new Roster.Enter(
            new Roster.Entry(new Identity(identity), seat, "s" + epoch, epoch, 1_000, wire)));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, null);
  }

  HttpResponse<String> getWithToken(String path) throws Exception {
    return send("GET", path, token());
  }

  HttpResponse<String> send(String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.stop().toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    kit.stop(roster);
    client.close();
  }
}
