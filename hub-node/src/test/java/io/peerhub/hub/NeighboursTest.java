package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.PeerHubClient;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Peers are told where else to connect, and go there when their node leaves. */
class NeighboursTest {
  private static final Map<String, ?> AT_ONCE = Map.of("peerhub.session.drain-spread", "0 s");

  @Test
  void whoeverComesIsToldOfTheOtherNodesAndGoesThereWhenItsOwnLeaves() throws Exception {
    TestHub first = TestHub.start(AT_ONCE);
    TestHub second = first.second(AT_ONCE);
    try {
      TestHub.eventually(() -> told(first).equals(at(second)) && told(second).equals(at(first)));
      ClientSettings settings =
          ClientSettings.builder("roamer").server(at(second).getFirst()).build();
      try (TestPeer raw = TestPeer.live(second.address(), Wire.BINARY, "raw");
          PeerHubClient client = PeerHubClient.connect(settings);
          TestPeer friend = TestPeer.live(first.address(), Wire.JSON, "friend")) {
        assertThat(client.awaitLive(PATIENCE)).isTrue();
        second.close();
        assertThat(raw.expect(Frame.Goaway.class).nodes()).isEqualTo(at(first));
        client.send("friend", "from elsewhere").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(friend.expect(Frame.Message.class).body().asText()).isEqualTo("from elsewhere");
      }
      TestHub.eventually(() -> told(first).isEmpty());
    } finally {
      second.close();
      first.close();
    }
  }

  @Test
  void whatIsAdvertisedIsWhatPeersAreTold() throws Exception {
    TestHub first = TestHub.start(Map.of("peerhub.cluster.advertise", "hub-1.example:443"));
    TestHub second = first.second(AT_ONCE);
    try {
      TestHub.eventually(() -> told(second).equals(List.of("hub-1.example:443")));
    } finally {
      second.close();
      first.close();
    }
  }

  /** What a welcome of this node says. */
  private static List<String> told(TestHub hub) throws Exception {
    try (TestPeer peer = TestPeer.connect(hub.address(), Wire.JSON)) {
      peer.say(TestPeer.hello("asker", "client", null));
      return peer.expect(Frame.Welcome.class).nodes();
    }
  }

  private static List<String> at(TestHub hub) {
    InetSocketAddress address = hub.address();
    return List.of(address.getAddress().getHostAddress() + ":" + address.getPort());
  }
}
