package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master key that is replaced, from the first node to the last key that it has sealed. */
class MasterKeyTest {
  private static final String NEXT = "6e".repeat(32);
  private static final String STRANGE = "55".repeat(32);
  private static final Identity ALICE = new Identity("alice");

  @TempDir private Path data;

  @Test
  void itIsReplacedBesideTheOlderOneAndWithoutItNoKeyOpens() throws Exception {
    try (DeviceAccess access = access()) {
      access.desk().add(ALICE, Device.Status.APPROVED, Map.of());
      access.desk().give(ALICE, Keyring.key("alice"), false);
    }
    String first = Files.readString(data.resolve("master.key")).strip();

    masterKeys(NEXT, first);
    try (TestHub hub = hub()) {
      Keyring.live(hub.address(), "alice", Keyring.key("alice")).close();
      assertThat(hub.node().devices().reseal()).isEqualTo(new DeviceDesk.Resealed(1, 0));
      assertThat(hub.node().devices().reseal()).isEqualTo(new DeviceDesk.Resealed(0, 0));
      Keyring.live(hub.address(), "alice", Keyring.key("alice")).close();
    }

    masterKeys(NEXT);
    try (TestHub hub = hub()) {
      Keyring.live(hub.address(), "alice", Keyring.key("alice")).close();
      assertThat(hub.node().meters().sum(Meter.KEYS_UNOPENED)).isZero();
    }

    masterKeys(STRANGE);
    try (TestHub hub = hub();
        LogTap log = LogTap.open()) {
      for (int i = 0; i < 3; i++) {
        assertThat(Keyring.refused(hub.address(), "alice", Keyring.key("alice")))
            .isEqualTo(Refusal.NOT_AUTHENTICATED.code());
      }
      assertThat(hub.node().meters().sum(Meter.KEYS_UNOPENED)).isGreaterThanOrEqualTo(3);
      assertThat(log.lines())
          .as("strangers can make it happen: it is said once")
          .filteredOn(line -> line.contains("a key of alice does not open"))
          .hasSize(1);
      assertThat(hub.node().devices().reseal()).isEqualTo(new DeviceDesk.Resealed(0, 1));
    }
  }

  private DeviceAccess access() throws IOException {
    return DeviceAccess.open(Map.of("peerhub.data", data.toString()), true);
  }

  private TestHub hub() throws IOException {
    return TestHub.start(Map.of("peerhub.data", data.toString(), "peerhub.identity.auth", "hmac"));
  }

  private void masterKeys(String... keys) throws IOException {
    Files.writeString(data.resolve("master.key"), String.join("\n", keys));
  }
}
