package io.peerhub.processes;

import static io.peerhub.testing.process.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.DeviceAccess;
import io.peerhub.identity.device.Device;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import io.peerhub.testing.database.TestDatabase;
import io.peerhub.testing.hub.NodeSettings;
import io.peerhub.testing.hub.TestNode;
import io.peerhub.testing.scene.Scene;
import io.peerhub.testing.scene.SceneExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices, while the database that knows them goes away, and while nobody hears its changes. */
@ExtendWith(SceneExtension.class)
class DeviceStoreAwayIT {
  private static final byte[] KEY =
      "one key for all that come in this test".getBytes(StandardCharsets.US_ASCII);

  private TestDatabase database;
  private TestNode node;
  private Path masterKey;

  @BeforeEach
  void set(Scene scene) throws Exception {
    database = scene.database();
    masterKey = scene.directory().resolve("master.key");
    try (DeviceAccess access = access()) {
      for (String name : new String[] {"lately", "never"}) {
        access.desk().add(new Identity(name), Device.Status.APPROVED, Map.of());
        access.desk().give(new Identity(name), KEY, false);
      }
    }
    node =
        scene.node(
            NodeSettings.on(database.url())
                .with("peerhub.identity.auth", "hmac")
                .with("peerhub.identity.master-key-file", masterKey.toString())
                .with("peerhub.identity.devices.cache-unheard", "60s"));
  }

  private DeviceAccess access() throws Exception {
    Map<String, String> settings =
        Map.of(
            "peerhub.database.url", database.url(),
            "peerhub.identity.master-key-file", masterKey.toString());
    return DeviceAccess.open(settings, false);
  }

  @Test
  void whoCameLatelyComesInAndNobodyElseUntilTheStoreIsBack() throws Exception {
    try (Conversation first = open("lately", KEY)) {
      assertThat(first.hears()).startsWith("{\"welcome\":");
      database.kill();

      try (Conversation second = open("lately", KEY)) {
        assertThat(second.hears()).startsWith("{\"welcome\":");
      }
      for (String name : new String[] {"never", "nobody", "lately"}) {
        byte[] key = name.equals("never") ? KEY : new byte[32];
        try (Conversation refused = open(name, key)) {
          assertThat(refused.hears()).as(name).contains("\"code\":5001");
        }
      }
    }
    database.start();
    await().until(() -> comesIn("never"));
    try (Conversation refused = open("nobody", KEY)) {
      assertThat(refused.hears()).contains("\"code\":2001");
    }
  }

  @Test
  void whoWasShutOutWhileNobodyHeardIsCutWhenTheyHearAgain() throws Exception {
    try (Conversation peer = open("lately", KEY)) {
      assertThat(peer.hears()).startsWith("{\"welcome\":");
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        // In one transaction: when the feed listens again, the notice has gone by.
        connection.setAutoCommit(false);
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where query = 'listen peerhub_device'");
        statement.execute("alter table peerhub.device disable trigger device_changed");
        statement.execute("update peerhub.device set status = 'disabled' where name = 'lately'");
        statement.execute("alter table peerhub.device enable trigger device_changed");
        connection.commit();
      }
      assertThat(peer.hears()).contains("\"code\":2005");
      assertThat(peer.hears()).isNull();
    }
    assertThat(comesIn("lately")).isFalse();
  }

  private boolean comesIn(String name) throws Exception {
    try (Conversation peer = open(name, KEY)) {
      return peer.hears().startsWith("{\"welcome\":");
    }
  }

  /** Has said hello and proof; what it hears next is the answer. */
  private Conversation open(String name, byte[] key) throws Exception {
    Conversation peer = new Conversation(node.address().getPort());
    peer.says("{\"hello\":{\"version\":1,\"peer\":\"" + name + "\",\"auth\":\"hmac\"}}");
    Matcher nonce = Pattern.compile("\"nonce\":\"([0-9a-f]{64})\"").matcher(peer.hears());
    assertThat(nonce.find()).isTrue();
    String own = HandshakeProof.nonce();
    String mac = HandshakeProof.mac(key, Side.PEER, name, nonce.group(1), own);
    peer.says("{\"proof\":{\"nonce\":\"" + own + "\",\"mac\":\"" + mac + "\"}}");
    return peer;
  }
}
