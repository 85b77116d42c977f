package io.peerhub.admin;

import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;

/** A door on a free port of loopback, in front of a real roster and counters, for the tests. */
final class AdminDoor implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final Meters meters = new Meters();
  final Ledger ledger = new Ledger();
  final LatencySample latency = new LatencySample();
  final AtomicBoolean listening = new AtomicBoolean(true);
  final AtomicBoolean memberUp = new AtomicBoolean(true);
  final AtomicBoolean draining = new AtomicBoolean();
  final AtomicBoolean databaseReachable = new AtomicBoolean(true);
  final ActorRef<Roster.Command> roster;
  final AdminSettings settings;
  final AdminServer server;

  private final ActorTestKit kit;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  AdminDoor(ActorTestKit kit, Path data) throws Exception {
    this(kit, data, Duration.ofSeconds(60));
  }

  AdminDoor(ActorTestKit kit, Path data, Duration lifetime) throws Exception {
    this.kit = kit;
    this.roster = kit.spawn(Roster.create("here"));
    this.settings =
        new AdminSettings(
            "127.0.0.1",
            0,
            data.resolve("admin.token"),
            16,
            Duration.ofSeconds(30),
            lifetime,
            Duration.ofSeconds(3));
    AdminView.Facts facts =
        new AdminView.Facts(listening::get, memberUp::get, draining::get, databaseReachable::get);
    AdminView view = new AdminView("here", meters, ledger, latency, roster, facts);
    this.server =
        AdminServer.start(kit.system(), settings, view)
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  int port() {
    return server.address().getPort();
  }

  String token() throws IOException {
    return Files.readString(settings.tokenFile()).strip();
  }

  void sits(String identity, long epoch) {
    Seat seat = new Seat(kit.<io.peerhub.peer.SessionInput>createTestProbe().ref(), 0);
    roster.tell(
        new Roster.Enter(
            new Roster.Entry(new Identity(identity), seat, "s" + epoch, epoch, 1_000, "json")));
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
