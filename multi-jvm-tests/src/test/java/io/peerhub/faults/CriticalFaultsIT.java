package io.peerhub.faults;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;
import static io.peerhub.testing.process.Patience.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.Outcome;
import io.peerhub.client.Outgoing;
import io.peerhub.client.PeerHubClient;
import io.peerhub.client.RefusedException;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Refusal;
import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Critical messages through the death of a node and of its database, judged by what both clients
 * saw and by SQL. More rounds: {@code -Dfaults.rounds=100}; another way: {@code -Dfaults.seed=N}.
 */
@ExtendWith(SceneExtension.class)
class CriticalFaultsIT {
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 4);
  private static final long SEED = Long.getLong("faults.seed", 37888);

  private TestDatabase database;
  private TestNode node;

  @BeforeEach
  void starts(Scene scene) throws Exception {
    database = scene.database();
    node = scene.node(NodeSettings.on(database.url()).with("peerhub.session.resume-window", "10s"));
  }

  @Test
  void aNodeThatIsKilledUnderLoadLosesNothingThatItConfirmed() throws Exception {
    Random random = new Random(SEED);
    try (CriticalFlow flow = new CriticalFlow("alice", "bob", node.server())) {
      for (int round = 0; round < ROUNDS; round++) {
        int enough = flow.acceptedCount() + 100 + random.nextInt(1000);
        await().until(() -> flow.acceptedCount() >= enough);
        node.kill();
        node.start();
      }
      settle(flow);
    }
  }

  @Test
  void aDatabaseThatIsKilledUnderLoadLosesNothingThatWasConfirmed() throws Exception {
    Random random = new Random(SEED);
    try (CriticalFlow flow = new CriticalFlow("alice", "bob", node.server())) {
      for (int round = 0; round < ROUNDS; round++) {
        int enough = flow.acceptedCount() + 100 + random.nextInt(1000);
        await().until(() -> flow.acceptedCount() >= enough);
        if (round % 2 == 0) {
          database.kill();
        } else {
          database.stopImmediately();
        }
        database.start();
      }
      int before = flow.acceptedCount();
      await().until(() -> flow.acceptedCount() > before);
      settle(flow);
    }
  }

  @Test
  void whileTheDatabaseIsAwayLiveMessagesGoOnAndCriticalOnesAreRefused() throws Exception {
    try (PeerHubClient bob = PeerHubClient.connect(CriticalFlow.settings("bob", node.server()));
        PeerHubClient alice =
            PeerHubClient.connect(CriticalFlow.settings("alice", node.server()))) {
      assertThat(bob.awaitLive(PATIENCE) && alice.awaitLive(PATIENCE)).isTrue();
      assertThat(critical(alice)).isInstanceOf(Outcome.Accepted.class);
      database.freeze();
      // The first one may be taken in before it is known that the database does not answer.
      var first = alice.send(Outgoing.critical("bob", Body.text("caught")));
      await()
          .untilAsserted(
              () ->
                  assertThat(get(alice.send("bob", "live"))).isInstanceOf(Outcome.Accepted.class));
      database.thaw();
      assertThat(get(first)).isInstanceOf(Outcome.Accepted.class);

      database.kill();
      var caught = alice.send(Outgoing.critical("bob", Body.text("caught")));
      await().until(() -> refusal(alice) == Refusal.STORE_UNAVAILABLE.code());
      assertThat(get(alice.send("bob", "live"))).isInstanceOf(Outcome.Accepted.class);
      database.start();
      long back = System.nanoTime();
      await().until(() -> refusal(alice) == 0);
      System.out.printf(
          "the first confirmation came %d ms after the database%n",
          (System.nanoTime() - back) / 1_000_000);
      // It has an outcome, whichever.
      get(caught.handle((outcome, failure) -> true));
    }
  }

  @Test
  void aMailboxThatCannotBeReadIsSetAsideAndHarmsNobody() throws Exception {
    try (PeerHubClient alice =
        PeerHubClient.connect(CriticalFlow.settings("alice", node.server()))) {
      assertThat(critical(alice)).isInstanceOf(Outcome.Accepted.class);
      node.kill();
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "update peerhub.journal set event = '\\x0863' where owner = 'bob' and seq = 1");
      }
      node.start();
      await().until(() -> refusal(alice) == Refusal.STORE_UNAVAILABLE.code());
      assertThat(get(alice.send(Outgoing.critical("carol", Body.text("x")))))
          .isInstanceOf(Outcome.Accepted.class);
      assertThat(text("quarantined")).isEqualTo("row 1: version 99 is not known");
      assertThat(node.child().out()).contains("The mailbox of bob is set aside: row 1: version 99");
    }
  }

  private static Outcome critical(PeerHubClient client) throws Exception {
    return get(client.send(Outgoing.critical("bob", Body.text("x"))));
  }

  private static int refusal(PeerHubClient client) throws Exception {
    try {
      critical(client);
      return 0;
    } catch (ExecutionException refused) {
      return ((RefusedException) refused.getCause()).code();
    }
  }

  /** The verdict: from the clients, and from SQL. */
  private void settle(CriticalFlow flow) throws Exception {
    flow.finish(PATIENCE);
    await().until(() -> flow.missing().isEmpty());
    System.out.printf(
        "seed %d: %,d accepted, %,d refused, %,d received, %,d repeats%n",
        SEED, flow.acceptedCount(), flow.refusedCount(), flow.receivedCount(), flow.repeatCount());
    assertThat(flow.faults()).isEmpty();
    assertThat(flow.resurrected()).isEmpty();
    await().until(() -> number("pending") == 0);
    assertThat(number("accepted")).isEqualTo(number("delivered + expired + rejected + dead"));
    assertThat(number("delivered")).isEqualTo(flow.receivedCount());
    assertThat(number("accepted")).isGreaterThanOrEqualTo(flow.acceptedCount());
  }

  private long number(String columns) throws Exception {
    String number = text(columns);
    return number == null ? 0 : Long.parseLong(number);
  }

  private String text(String columns) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select " + columns + " from peerhub.mailbox where owner = 'bob'")) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
