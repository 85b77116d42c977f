package io.peerhub.admin;

import static io.peerhub.admin.AdminServerTest.assertAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersPageTest {
  @TempDir static Path data;
  private static ActorTestKit kit;
  private static AdminDoor door;

  @BeforeAll
  static void open() throws Exception {
    kit = AdminDoor.system();
    door = new AdminDoor(kit, data);
    for (int i = 0; i < 25; i++) {
      door.sits("peer-%02d".formatted(i), 100 + i);
    }
  }

  @AfterAll
  static void close() throws Exception {
    door.close();
    kit.shutdownTestKit();
  }

  @Test
  void aPeerIsListedWithItsEpochAndWire() throws Exception {
    Config page = assertAnswer(door.getWithToken("/peers?limit=1"), 200);
    assertThat(page.getString("node")).isEqualTo("here");
    assertThat(page.getInt("total")).isEqualTo(25);
    Config peer = page.getConfigList("peers").getFirst();
    assertThat(peer.getString("identity")).isEqualTo("peer-00");
    assertThat(peer.getLong("epoch")).isEqualTo(100);
    assertThat(peer.getLong("since")).isEqualTo(1000);
    assertThat(peer.getString("wire")).isEqualTo("json");
  }

  @Test
  void followingNextMeetsEverybodyOnce() throws Exception {
    List<String> met = new ArrayList<>();
    String query = "?limit=10";
    while (query != null) {
      Config page = assertAnswer(door.getWithToken("/peers" + query), 200);
      page.getConfigList("peers").forEach(peer -> met.add(peer.getString("identity")));
      query = page.getIsNull("next") ? null : "?limit=10&after=" + page.getString("next");
    }
    assertThat(met).hasSize(25).doesNotHaveDuplicates().isSorted();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=2147483648",
        "limit=99999999999999999999",
        "limit=1.5",
        "limit=1e3",
        "limit=%2B5",
        "limit=",
        "limit=ten",
        "limit=%D9%A3",
        "limit=5&limit=6",
        "after=",
        "after=%00",
        "after=a%0Ab",
        "after=a&after=b",
        "after='%20OR%201=1"
      })
  void badPagingIsRefused(String query) throws Exception {
    assertAnswer(door.getWithToken("/peers?" + query), 400);
  }

  @Test
  void aRosterThatDoesNotAnswerIsUnavailable() throws Exception {
    try (AdminDoor silent = new AdminDoor(kit, data)) {
      kit.stop(silent.roster);
      assertThat(silent.getWithToken("/peers").statusCode()).isEqualTo(503);
    }
  }
}
