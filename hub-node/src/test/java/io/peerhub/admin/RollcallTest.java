package io.peerhub.admin;

import static io.peerhub.admin.AdminServerTest.assertAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.peerhub.peer.Roster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of two nodes as one, and what is done to the node. */
class RollcallTest {
  private static ActorTestKit kit;

  @TempDir Path data;
  private AdminDoor door;
  private ActorRef<Roster.Command> there;

  @BeforeAll
  static void startSystem() {
    kit = AdminDoor.system();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() throws Exception {
    door = new AdminDoor(kit, data);
    there = kit.spawn(Roster.create("there"));
    door.rosters.add(there);
  }

  @AfterEach
  void close() {
    door.close();
    kit.stop(there);
  }

  @Test
  void peersOfBothNodesAreOneListInOrder() throws Exception {
    for (int i = 0; i < 30; i++) {
      // Not by turns: a page of one node alone reaches further than one of both.
      door.sits(i % 5 == 0 ? there : door.roster, "p-%02d".formatted(i), 1, "json");
    }
    assertThat(walk("limit=7", () -> {})).hasSize(30).doesNotHaveDuplicates().isSorted();
    Config page = assertAnswer(door.getWithToken("/peers?limit=1"), 200);
    assertThat(page.getInt("total")).isEqualTo(30);
    assertThat(page.getConfigList("peers").getFirst().getString("node")).isEqualTo("there");
  }

  @Test
  void whoStaysIsMetOnceWhileOthersComeAndGo() throws Exception {
    for (int i = 0; i < 20; i++) {
      door.sits(i % 2 == 0 ? there : door.roster, "stay-%02d".formatted(i), 1, "json");
    }
    int[] turn = {0};
    List<String> met =
        walk(
            "limit=3",
            () -> {
              int n = turn[0]++;
              // In front of every page that is still to come, and behind it.
              door.sits(there, "a-%02d".formatted(n), 1, "json");
              door.sits(door.roster, "stay-%02d/new".formatted(n), 1, "json");
            });
    assertThat(met).doesNotHaveDuplicates().isSorted();
    assertThat(met.stream().filter(name -> name.matches("stay-\\d+"))).hasSize(20);
  }

  @Test
  void whoMovesIsOnePeerWhereItWasAttachedLast() throws Exception {
    door.sits(door.roster, "mover", 5, "json");
    door.sits(there, "mover", 6, "binary");
    Config page = assertAnswer(door.getWithToken("/peers"), 200);
    assertThat(page.getConfigList("peers")).hasSize(1);
    Config one = assertAnswer(door.getWithToken("/peers/mover"), 200);
    assertThat(one.getString("node")).isEqualTo("there");
    assertThat(one.getLong("epoch")).isEqualTo(6);
    assertThat(one.getString("wire")).isEqualTo("binary");
    assertThat(one.getString("session")).isEqualTo("s6");
    assertThat(one.getString("state")).as("by the peer's own actor").isEqualTo("away");
  }

  @Test
  void aDeviceIsFoundByBothSpellingsAndAStrangerIsNot() throws Exception {
    door.sits(there, "bob/phone", 1, "json");
    for (String path : List.of("/peers/bob/phone", "/peers/bob%2Fphone")) {
      assertThat(assertAnswer(door.getWithToken(path), 200).getString("identity"))
          .isEqualTo("bob/phone");
    }
    assertAnswer(door.getWithToken("/peers/bob"), 404);
    assertAnswer(door.getWithToken("/peers/b%00b"), 400);
    assertThat(door.get("/peers/bob/phone").statusCode()).isEqualTo(401);
  }

  @Test
  void filtersNarrowTheListWithoutLosingAnybody() throws Exception {
    for (int i = 0; i < 1200; i++) {
      door.sits(there, "crowd-%04d".formatted(i), 1, "json");
    }
    door.sits(door.roster, "pump/1", 1, "binary");
    door.sits(there, "pump/2", 1, "json");
    door.sits(there, "zoe", 1, "binary");
    assertThat(walk("match=pump/*", () -> {})).containsExactly("pump/1", "pump/2");
    assertThat(walk("match=zoe", () -> {})).containsExactly("zoe");
    assertThat(walk("wire=binary&limit=1", () -> {})).containsExactly("pump/1", "zoe");
    assertThat(walk("node=here", () -> {})).containsExactly("pump/1");
    assertThat(walk("node=nowhere", () -> {})).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"match=", "wire=", "node=", "match=a&match=b"})
  void badFiltersAreRefused(String query) throws Exception {
    assertAnswer(door.getWithToken("/peers?" + query), 400);
  }

  @Test
  void aNodeThatDoesNotAnswerIsMissingAndCounted() throws Exception {
    door.sits("bob", 1);
    kit.stop(there);
    Config page = assertAnswer(door.getWithToken("/peers"), 200);
    assertThat(page.getInt("silent_nodes")).isEqualTo(1);
    assertThat(page.getConfigList("peers")).hasSize(1);
  }

  @Test
  void roomsAreListedInPages() throws Exception {
    for (int i = 0; i < 5; i++) {
      door.rooms.count("room-" + i, i);
    }
    Config page = assertAnswer(door.getWithToken("/rooms?limit=3&after=room-0"), 200);
    assertThat(page.getInt("total")).isEqualTo(5);
    assertThat(page.getConfigList("rooms").getFirst().getString("room")).isEqualTo("room-1");
    assertThat(page.getConfigList("rooms").getFirst().getInt("members")).isEqualTo(1);
    assertThat(page.getString("next")).isEqualTo("room-3");
    assertAnswer(door.getWithToken("/rooms?limit=0"), 400);
    assertThat(door.get("/rooms").statusCode()).isEqualTo(401);
  }

  @Test
  void aNodeIsDrainedByPostAndByTheOperatorAlone() throws Exception {
    assertThat(door.send("POST", "/drain", null).statusCode()).isEqualTo(401);
    assertThat(door.send("GET", "/drain", door.token()).statusCode()).isEqualTo(405);
    assertThat(door.drains).hasValue(0);
    assertAnswer(door.send("POST", "/drain", door.token()), 202);
    assertThat(door.drains).hasValue(1);
  }

  /** Whom the pages name, with something that happens between them. */
  private List<String> walk(String query, Runnable between) throws Exception {
    List<String> met = new ArrayList<>();
    String after = "";
    while (after != null) {
      Config page = assertAnswer(door.getWithToken("/peers?" + query + after), 200);
      page.getConfigList("peers").forEach(peer -> met.add(peer.getString("identity")));
      after = page.getIsNull("next") ? null : "&after=" + page.getString("next");
      between.run();
    }
    return met;
  }
}
