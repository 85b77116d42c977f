package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.telemetry.Ledger.Resource;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Actors that everybody stands on are not started anew behind their backs: the node ends with them,
 * says so, and gives everything back.
 */
class NodeEndTest {
  @ParameterizedTest
  @ValueSource(strings = {"roster", "sessions-0", "membership"})
  void aNodeEndsWithWhatItStandsOn(String actor) throws Exception {
    try (LogTap log = LogTap.open()) {
      TestHub hub = TestHub.start(Map.of("peerhub.cluster.forming", "database"));
      try (TestPeer peer = TestPeer.live(hub.address(), Wire.JSON, "peer")) {
        Adapter.toClassic(hub.node().system())
            .actorSelection("/user/" + actor)
            .tell("what it does not understand", ActorRef.noSender());
        peer.awaitEnd();
        TestHub.eventually(
            () -> hub.node().system().getWhenTerminated().toCompletableFuture().isDone());
      } finally {
        hub.close();
      }
      for (Resource resource :
          List.of(Resource.SOCKET, Resource.SESSION, Resource.PEER, Resource.TIMER)) {
        assertThat(hub.live(resource)).as(resource.name()).isZero();
      }
      assertThat(log.lines()).contains("ERROR this node ends: " + actor + " has failed, see above");
    }
  }
}
