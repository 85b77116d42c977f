package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;

/** The pages of peers and rooms on two real nodes, and a node that is drained over HTTP. */
class PeerPagesTest {
  @Test
  void eitherNodeShowsThePeersOfBothAndOneIsDrained() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient();
        TestHub first = TestHub.start(Map.of("peerhub.session.drain-spread", "0 s"));
        TestHub second = first.second(Map.of("peerhub.session.drain-spread", "0 s"));
        TestPeer near = TestPeer.live(first.address(), Wire.JSON, "pages-near");
        TestPeer far = TestPeer.live(second.address(), Wire.BINARY, "pages-far")) {
      TestHub.eventually(() -> isWhole(first) && isWhole(second));
      for (TestHub hub : new TestHub[] {first, second}) {
        TestHub.eventually(() -> read(client, hub, "/peers").getConfigList("peers").size() == 2);
        Config one = read(client, hub, "/peers/pages-far");
        assertThat(one.getString("state")).isEqualTo("online");
        assertThat(one.getString("node")).startsWith("127.0.0.2:");
      }
      RoomsTest.join(near, RoomsTest.plain("pages-room"));
      TestHub.eventually(() -> members(client, first) + members(client, second) == 1);

      HttpResponse<String> drained = send(client, second, "POST", "/drain");
      assertThat(drained.statusCode()).isEqualTo(202);
      far.await(Frame.Goaway.class);
      assertThat(send(client, second, "GET", "/health/ready").statusCode()).isEqualTo(503);
      assertThat(send(client, first, "GET", "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static boolean isWhole(TestHub hub) {
    int count = 0;
    for (var member : Cluster.get(hub.node().system()).state().getMembers()) {
      count += member.status().equals(MemberStatus.up()) ? 1 : 0;
    }
    return count == 2;
  }

  private static int members(HttpClient client, TestHub hub) throws Exception {
    return read(client, hub, "/rooms").getConfigList("rooms").stream()
        .filter(room -> room.getString("room").equals("pages-room"))
        .mapToInt(room -> room.getInt("members"))
        .sum();
  }

  private static Config read(HttpClient client, TestHub hub, String path) throws Exception {
    HttpResponse<String> answer = send(client, hub, "GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ConfigFactory.parseString(answer.body());
  }

  private static HttpResponse<String> send(
      HttpClient client, TestHub hub, String method, String path) throws Exception {
    String token = Files.readString(TestHub.DATA.resolve("admin.token")).strip();
    URI page = URI.create("http://127.0.0.1:" + hub.node().httpAddress().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(page)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .timeout(PATIENCE)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
