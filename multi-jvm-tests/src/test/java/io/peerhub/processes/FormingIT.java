package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes on one database that are frozen and started at the worst moments: one cluster stands. */
@ExtendWith(SceneExtension.class)
class FormingIT {
  /**
   * Nobody tells a newcomer that the frozen live. It founds in their place, and they find that out
   * before they have served anybody beside it.
   */
  @Test
  void nodesThatWereFrozenWhileAnotherFoundedEndOnceTheyThaw(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(settings(database));
    TestNode second = scene.node(settings(database));
    await().until(() -> nodes(database) == 2);
    String before = cluster(database);

    first.freeze();
    second.freeze();
    TestNode newcomer = scene.node(settings(database));
    assertThat(cluster(database)).isNotEqualTo(before);
    assertThat(nodes(database)).isEqualTo(1);

    first.thaw();
    second.thaw();
    assertThat(first.child().awaitEnd()).isNotZero();
    assertThat(second.child().awaitEnd()).isNotZero();
    assertThat(first.child().out() + first.child().err()).contains("founded another cluster");
    assertThat(newcomer.isAlive()).isTrue();
    assertThat(nodes(database)).isEqualTo(1);
  }

  /** The database is away while a node starts: it waits, and founds nothing beside the living. */
  @Test
  void whoStartsWhileTheDatabaseIsAwayJoinsWhoIsThereWhenItIsBack(Scene scene) throws Exception {
    TestDatabase database = scene.database();
    TestNode first = scene.node(settings(database));
    String before = cluster(database);
    TestNode second = scene.node(settings(database));
    await().until(() -> nodes(database) == 2);
    second.terminate();
    await().until(() -> nodes(database) == 1);

    database.freeze();
    second.begin();
    database.thaw();
    second.awaitReady();
    assertThat(cluster(database)).isEqualTo(before);
    assertThat(nodes(database)).isEqualTo(2);
    assertThat(first.isAlive()).isTrue();
  }

  /** Who is slow may be silent for three times as long before a newcomer takes it for dead. */
  private static NodeSettings settings(TestDatabase database) throws Exception {
    return NodeSettings.on(database.url()).with("peerhub.cluster.renew-every", "2s");
  }

  private static String cluster(TestDatabase database) throws Exception {
    return query(database, "select id from peerhub.cluster");
  }

  private static int nodes(TestDatabase database) throws Exception {
    return Integer.parseInt(query(database, "select count(*) from peerhub.cluster_node"));
  }

  private static String query(TestDatabase database, String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
