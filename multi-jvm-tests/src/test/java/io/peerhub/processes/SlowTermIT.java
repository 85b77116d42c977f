package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A database that stands still while peers say hello: the peer's actor waits for its term, and
 * answers late all that sessions have asked meanwhile, again and again.
 */
@ExtendWith(SceneExtension.class)
class SlowTermIT {
  private static final int ROUNDS = 20;

  @Test
  void theNewestConnectionWinsHoweverOftenAnOlderOneHasAsked(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode node =
        scene.node(
            NodeSettings.on(database.url()).with("peerhub.session.attach-timeout", "1500ms"));
    try (Conversation writer = new Conversation(node.address().getPort())) {
      writer.says(hello("writer", 2000));
      assertThat(writer.hears()).startsWith("{\"welcome\"");
      for (int round = 1; round <= ROUNDS; round++) {
        String peer = "peer-" + round;
        database.freeze();
        try (Conversation newest = comesBack(node, peer)) {
          // The hub asks the writer for a sign of life: by then it has asked the peer twice, too.
          writer.says("{\"ping\":{\"t\":" + round + "}}");
          assertThat(writer.hears()).startsWith("{\"pong\"");
          assertThat(writer.hears()).startsWith("{\"ping\"");
          database.thaw();
          assertThat(newest.hears()).as("round %d", round).startsWith("{\"welcome\"");
          writer.says(send(peer, round));
          assertThat(newest.hears()).as("round %d", round).contains("\"text\":\"hi\"");
          assertThat(writer.hears()).contains("\"confirm\"");
          newest.says("{\"bye\":{}}");
          assertThat(newest.hears()).as("nothing else was said").isNull();
        } finally {
          database.thaw();
        }
      }
    }
  }

  /** Says hello, is cut, and says hello again. */
  private static Conversation comesBack(TestNode node, String peer) throws Exception {
    try (Conversation older = new Conversation(node.address().getPort())) {
      older.says(hello(peer, 300_000));
    }
    Conversation newest = new Conversation(node.address().getPort());
    newest.says(hello(peer, 300_000));
    return newest;
  }

  private static String hello(String peer, int heartbeatMs) {
    return "{\"hello\":{\"version\":1,\"peer\":\"%s\",\"auth\":\"none\",\"heartbeatMs\":%d}}"
        .formatted(peer, heartbeatMs);
  }

  private static String send(String to, int n) {
    return "{\"send\":{\"to\":\"%s\",\"text\":\"hi\",\"n\":%d,\"confirm\":\"delivered\"}}"
        .formatted(to, n);
  }
}
