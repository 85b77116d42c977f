package io.peerhub.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Levels.Store;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesPageTest {
  private static ActorTestKit kit;

  @TempDir Path data;

  @BeforeAll
  static void startSystem() {
    kit = AdminDoor.system();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @Test
  void everyKindIsThereWithItsOldest() throws Exception {
    try (AdminDoor door = new AdminDoor(kit, data)) {
      door.ledger.open(Resource.SESSION, new Named("pump/7")).close();
      for (int i = 0; i < 12; i++) {
        door.ledger.open(Resource.SESSION, new Named("p" + i));
      }
      door.ledger.follow(Resource.JDBC_CONNECTION, () -> 5, () -> 2);
      door.levels.register(Store.CROSSINGS, () -> 7, 9);
      Config page = read(door.getWithToken("/resources"));
      assertThat(page.getConfigList("resources")).hasSameSizeAs(Resource.values());
      Config sessions = kind(page, "session");
      assertThat(sessions.getInt("opened")).isEqualTo(13);
      assertThat(sessions.getInt("closed")).isEqualTo(1);
      assertThat(sessions.getInt("live")).isEqualTo(12);
      assertThat(sessions.getLong("oldest_ms")).isNotNegative();
      assertThat(sessions.getStringList("owners")).hasSize(10).startsWith("p0", "p1");
      assertThat(kind(page, "jdbc_connection").getInt("closed")).isEqualTo(3);
      assertThat(kind(page, "stream").getInt("live")).as("this very connection").isEqualTo(1);
      assertThat(page.getConfigList("stores"))
          .anyMatch(
              store ->
                  store.getString("store").equals("crossings")
                      && store.getInt("bytes") == 7
                      && store.getInt("max_bytes") == 9);
      assertThat(page.getLong("files_open")).isPositive();
      assertThat(page.getLong("orphans_reclaimed")).isZero();
    }
  }

  @Test
  void strangersSeeNoneOfIt() throws Exception {
    try (AdminDoor door = new AdminDoor(kit, data)) {
      assertThat(door.get("/resources").statusCode()).isEqualTo(401);
    }
  }

  private static Config kind(Config page, String kind) {
    return page.getConfigList("resources").stream()
        .filter(resource -> resource.getString("kind").equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static Config read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return ConfigFactory.parseString(answer.body());
  }

  private record Named(String named) implements Ledger.Owner {
    @Override
    public boolean needsIt() {
      return true;
    }

    @Override
    public void reclaim() {
      throw new AssertionError("nobody asked for it");
    }
  }
}
