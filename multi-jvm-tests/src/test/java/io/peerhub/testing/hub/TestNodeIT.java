package io.peerhub.testing.hub;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;
import static io.peerhub.testing.process.Patience.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.Outcome;
import io.peerhub.client.PeerHubClient;
import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SceneExtension.class)
class TestNodeIT {
  private TestNode node;

  @BeforeEach
  void starts(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    node = scene.node(NodeSettings.on(database.url()));
  }

  @Test
  void isKilledAndComesBackWhereItWas() throws Exception {
    String server = node.server();
    try (PeerHubClient client = PeerHubClient.connect(settings("alice"))) {
      assertThat(client.awaitLive(PATIENCE)).isTrue();
      long before = client.stats().connections();
      node.kill();
      assertThat(node.isAlive()).isFalse();
      node.start();
      assertThat(node.server()).isEqualTo(server);
      await().until(() -> client.stats().connections() > before);
    }
  }

  @Test
  void endsInOrderWhenItIsToldTo() throws Exception {
    assertThat(node.terminate()).isEqualTo(143);
    assertThat(node.child().out()).contains("Stopped.");
  }

  @Test
  void saysNothingWhileItIsFrozenAndGoesOnThawed() throws Exception {
    try (PeerHubClient bob = PeerHubClient.connect(settings("bob"));
        PeerHubClient alice = PeerHubClient.connect(settings("alice"))) {
      assertThat(bob.awaitLive(PATIENCE) && alice.awaitLive(PATIENCE)).isTrue();
      node.freeze();
      await().until(() -> state(node.child().pid()).equals("T"));
      CompletableFuture<Outcome> outcome = alice.send("bob", "hi");
      assertThat(outcome).isNotDone();
      node.thaw();
      assertThat(get(outcome)).isInstanceOf(Outcome.Accepted.class);
    }
  }

  @Test
  void hasPagesAndAToken() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest stats =
          HttpRequest.newBuilder(node.page("/stats"))
              .header("Authorization", "Bearer " + node.adminToken())
              .build();
      HttpResponse<String> answer = http.send(stats, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  /** What the kernel says a process does: T where it is stopped. */
  private static String state(long pid) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
        .replaceAll("(?s).*\\) (.).*", "$1");
  }

  private ClientSettings settings(String peer) {
    ClientSettings.Retry often =
        new ClientSettings.Retry(Duration.ofMillis(50), Duration.ofMillis(200), 0);
    return ClientSettings.builder(peer).server(node.server()).retry(often).build();
  }
}
