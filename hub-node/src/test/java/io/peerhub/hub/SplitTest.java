package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.Outcome;
import io.peerhub.client.PeerHubClient;
import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two living nodes that cannot reach each other, and both reach the database. */
class SplitTest {
  private TestHub first;
  private TestHub second;
  private Severance severance;

  @BeforeEach
  void start() throws Exception {
    first = start("127.0.0.1");
    second = start("127.0.0.2");
    severance = new Severance(first, second);
    severance.awaitBothUp();
  }

  private TestHub start(String host) throws IOException {
    Map<String, Object> settings = new HashMap<>(Severance.SETTINGS);
    settings.put("peerhub.cluster.forming", "database");
    settings.put("peerhub.cluster.host", host);
    settings.put("peerhub.connection.host", host);
    settings.put("pekko.cluster.split-brain-resolver.stable-after", "2s");
    return TestHub.start(settings);
  }

  @AfterEach
  void stop() {
    second.close();
    first.close();
  }

  @Test
  void oneSideGoesOnAndTheOtherEnds() throws Exception {
    severance.cut();
    severance.suspect();
    await().until(() -> hasEnded(first) || hasEnded(second));
    TestHub winner = hasEnded(first) ? second : first;
    await().until(() -> rows() == 1);
    assertThat(hasEnded(winner)).isFalse();
    try (PeerHubClient alice = connect(winner, "alice");
        PeerHubClient bob = connect(winner, "bob")) {
      assertThat(alice.awaitLive(PATIENCE) && bob.awaitLive(PATIENCE)).isTrue();
      assertThat(alice.send("bob", "hi").get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(Outcome.Accepted.class);
    }
    assertThat(hasEnded(winner)).isFalse();
  }

  private static boolean hasEnded(TestHub hub) {
    return hub.node().system().getWhenTerminated().toCompletableFuture().isDone();
  }

  private static PeerHubClient connect(TestHub hub, String name) {
    String server = hub.address().getAddress().getHostAddress() + ":" + hub.address().getPort();
    return PeerHubClient.connect(ClientSettings.builder(name).server(server).build());
  }

  private static int rows() throws SQLException {
    DatabaseSettings settings =
        DatabaseSettings.of(
            new DatabaseSettings.Embedded(TestHub.DATA.toAbsolutePath().resolve("postgres")));
    try (Database database = Database.open(settings);
        Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from peerhub.cluster_node")) {
      result.next();
      return result.getInt(1);
    }
  }
}
