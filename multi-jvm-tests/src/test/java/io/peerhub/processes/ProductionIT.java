package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.Credentials;
import io.peerhub.client.Outcome;
import io.peerhub.client.PeerHubClient;
import io.peerhub.hub.DeviceAccess;
import io.peerhub.identity.device.Device;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A hub in production mode, as its README says: a database role that may do no more than it has to,
 * a master key, devices, rules. (Without TLS, as behind something that ends it.)
 */
@ExtendWith(SceneExtension.class)
class ProductionIT {
  private static final byte[] KEY =
      "a key of devices in production, ok".getBytes(StandardCharsets.US_ASCII);

  @Test
  void whatTheReadmeAsksForIsEnough(Scene scene) throws Exception {
    // Its role is no superuser.
    String url = scene.database().url();
    Path masterKey = Files.writeString(scene.directory().resolve("master.key"), "4e".repeat(32));
    Files.setPosixFilePermissions(masterKey, PosixFilePermissions.fromString("rw-------"));
    Map<String, String> shared =
        Map.of(
            "peerhub.mode", "production",
            "peerhub.identity.auth", "hmac",
            "peerhub.identity.master-key-file", masterKey.toString());
    enroll(url, shared);
    NodeSettings settings =
        NodeSettings.on(url)
            .with("peerhub.connection.allow-plaintext", "true")
            .with("peerhub.permissions.rules", "[\"allow role=sensor send service-*\"]");
    for (Map.Entry<String, String> setting : shared.entrySet()) {
      settings = settings.with(setting.getKey(), setting.getValue());
    }
    TestNode node = scene.node(settings);

    try (PeerHubClient sensor = client(node, "sensor");
        PeerHubClient service = client(node, "service-1")) {
      assertThat(sensor.awaitLive(PATIENCE) && service.awaitLive(PATIENCE)).isTrue();
      assertThat(get(sensor.send("service-1", "21 degrees"))).isInstanceOf(Outcome.class);
      Throwable told = get(service.send("sensor", "no rule").handle((sent, refused) -> refused));
      assertThat(told).hasMessageContaining(Integer.toString(Refusal.NOT_ALLOWED.code()));
    }
    assertThat(node.child().said()).doesNotContain("4e4e").doesNotContain("ERROR");
  }

  private static void enroll(String url, Map<String, String> shared) throws Exception {
    Map<String, String> all = new HashMap<>(shared);
    all.put("peerhub.database.url", url);
    try (DeviceAccess access = DeviceAccess.open(all, false)) {
      for (String name : new String[] {"sensor", "service-1"}) {
        Identity identity = new Identity(name);
        String role = name.replaceAll("-.*", "");
        access.desk().add(identity, Device.Status.APPROVED, Map.of("role", role));
        access.desk().give(identity, KEY, true);
      }
    }
  }

  private static PeerHubClient client(TestNode node, String name) {
    return PeerHubClient.connect(
        ClientSettings.builder(name)
            .server(node.server())
            .credentials(Credentials.hmac(KEY))
            .build(),
        (client, message) -> {});
  }
}
