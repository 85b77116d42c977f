package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages of devices, and what an operator does there. */
class DevicePagesTest {
  private static final String RUN =
      "page-" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);

  private static TestHub hub;
  private static DeviceDesk desk;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start(Map.of("peerhub.identity.auth", "hmac"));
    desk = hub.node().devices();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    hub.close();
  }

  @Test
  void devicesAreListedInPagesAndOneByOneWithoutTheirKeys() throws Exception {
    for (String device : new String[] {"a", "b", "c"}) {
      Identity identity = new Identity(RUN + "/" + device);
      desk.add(identity, Device.Status.PENDING, Map.of("site", "\"<b>"));
      desk.give(identity, Keyring.key(device), false);
    }
    String page = get("/devices?limit=2&status=pending&after=" + RUN).body();
    assertThat(page)
        .contains("\"identity\":\"" + RUN + "/a\",\"status\":\"pending\",\"keys\":1")
        .contains("\"next\":\"" + RUN + "/b\"")
        .doesNotContain(RUN + "/c")
        .doesNotContain("sealed")
        .doesNotContain("nonce");
    assertThat(get("/devices/" + RUN + "/c").body())
        .contains("\"labels\":{\"site\":\"\\\"<b>\"}")
        .doesNotContain("last_seen");
    assertThat(get("/devices/" + RUN + "%2Fc").statusCode()).isEqualTo(200);
    assertThat(get("/devices/" + RUN + "/d").statusCode()).isEqualTo(404);
    assertThat(get("/devices?status=gone").statusCode()).isEqualTo(400);
    assertThat(get("/devices?limit=1001").statusCode()).isEqualTo(400);
  }

  @Test
  void whoeverHasTheTokenShutsADeviceOutAndLetsItInAgain() throws Exception {
    Identity identity = new Identity(RUN + "/out");
    desk.add(identity, Device.Status.APPROVED, Map.of());
    desk.give(identity, Keyring.key("out"), false);
    try (TestPeer peer = Keyring.live(hub.address(), identity.text(), Keyring.key("out"))) {
      String page = "/devices/" + identity + "/disable";
      assertThat(call("POST", page, "no-token").statusCode()).isEqualTo(401);
      assertThat(call("DELETE", page, token()).statusCode()).isEqualTo(405);
      assertThat(call("POST", page, token()).body()).contains("\"status\":\"disabled\"");
      assertThat(peer.expect(Frame.Error.class).code()).isEqualTo(Refusal.DISABLED.code());
    }
    assertThat(call("POST", "/devices/" + identity + "/approve", token()).body())
        .contains("\"status\":\"approved\"");
    assertThat(call("POST", "/devices/" + RUN + "/nobody/disable", token()).statusCode())
        .isEqualTo(404);
    assertThat(call("POST", "/devices/*/disable", token()).statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return call("GET", path, token());
  }

  private static String token() throws Exception {
    return Files.readString(hub.node().settings().data().resolve("admin.token")).strip();
  }

  private static HttpResponse<String> call(String method, String path, String token)
      throws Exception {
    InetSocketAddress address = hub.node().httpAddress();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
