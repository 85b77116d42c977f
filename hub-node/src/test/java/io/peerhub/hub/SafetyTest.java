package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetyTest {
  private static final Map<String, String> PRODUCTION =
      Map.of(
          "peerhub.mode", "production",
          "peerhub.identity.auth", "hmac",
          "peerhub.identity.keys-file", "keys",
          "peerhub.connection.host", "0.0.0.0",
          "peerhub.connection.tls.certificate", "hub.crt",
          "peerhub.connection.tls.key", "hub.key",
          "peerhub.database.url", "jdbc:postgresql://db/hub?user=hub&password=secret");

  @Test
  void productionStartsWithKeysTlsAndAServer() {
    assertThat(complaints(PRODUCTION)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "peerhub.identity.auth, none, HUB_AUTH",
    "peerhub.connection.tls.certificate, '', HUB_TLS_CERT",
    "peerhub.database.url, '', HUB_DB_URL"
  })
  void productionRefusesWhatIsUnsafeAndNamesWhatMendsIt(String key, String value, String mend) {
    Map<String, String> unsafe = new HashMap<>(PRODUCTION);
    unsafe.put(key, value);
    if (key.contains("tls")) {
      unsafe.put("peerhub.connection.tls.key", "");
    }

    assertThat(complaints(unsafe))
        .singleElement()
        .asString()
        .contains(mend)
        .doesNotContain("secret");
  }

  @Test
  void productionSpeaksPlaintextOnlyWhereThatWasAskedFor() {
    Map<String, String> plain = new HashMap<>(PRODUCTION);
    plain.put("peerhub.connection.tls.certificate", "");
    plain.put("peerhub.connection.tls.key", "");
    plain.put("peerhub.connection.allow-plaintext", "true");

    assertThat(complaints(plain)).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    Circumstances bad =
        new Circumstances(false, List.of(Path.of("hub.key")), new Circumstances.Role.Superuser());
    assertThat(complaints(Map.of("peerhub.mode", "production"), bad))
        .satisfiesExactly(
            says("HUB_AUTH"),
            says("HUB_TLS_CERT"),
            says("HUB_DB_URL"),
            says("HUB_MASTER_KEY_FILE"),
            says("superuser"),
            says("chmod 600 hub.key"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no.such.host.invalid"})
  void developmentWithoutKeysListensOnLoopbackOnly(String host) {
    assertThat(complaints(Map.of("peerhub.connection.host", host)))
        .singleElement()
        .asString()
        .contains("HUB_HOST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
  void everyLoopbackAddressIsFineInDevelopment(String host) {
    assertThat(complaints(Map.of("peerhub.connection.host", host))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "peerhub.mode, test, development or production",
    "peerhub.identity.auth, kerberos, none or hmac",
    "peerhub.identity.auth, token, keys-file",
    "peerhub.identity.password.memory, 512 KiB, memory",
    "peerhub.identity.auth, 'none, hmac', none or hmac",
    "peerhub.identity.answer-step, 3s, answer-step",
    "peerhub.identity.devices.cache-unheard, 61s, cache-unheard",
    "peerhub.identity.back-off.free, 0, free",
    "peerhub.session.heartbeat, 500ms, heartbeat",
    "peerhub.session.queue-share, 1.5, queue-share",
    "peerhub.peer.on-duplicate, both, takeover or refuse"
  })
  void aValueOutOfRangeIsNamedWithWhatIsAllowed(String key, String value, String says) {
    assertThatThrownBy(() -> complaints(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsOneComplaintAmongOthers() {
    Circumstances away = new Circumstances(true, List.of(), new Circumstances.Role.Unknown("gone"));
    assertThat(complaints(PRODUCTION, away)).satisfiesExactly(says("gone"));
  }

  @Test
  void productionLooksForItsMasterKeyAndForWhoCanReadSecrets(@TempDir Path folder)
      throws Exception {
    Map<String, String> settings = new HashMap<>(PRODUCTION);
    settings.put("peerhub.database.url", "");
    settings.put("peerhub.data", folder.toString());
    settings.put("peerhub.connection.tls.key", folder.resolve("hub.key").toString());
    Path master = folder.resolve("master.key");
    assertThat(around(settings).masterKey()).isFalse();
    for (Path secret : List.of(master, folder.resolve("hub.key"))) {
      Files.writeString(secret, "secret");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    }
    assertThat(around(settings).masterKey()).isTrue();
    assertThat(around(settings).exposed()).containsExactly(folder.resolve("hub.key"), master);
    Files.setPosixFilePermissions(master, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(around(settings).exposed()).containsExactly(folder.resolve("hub.key"));
  }

  private static Circumstances around(Map<String, String> settings) {
    return Circumstances.of(HubSettings.from(HubConfig.load(settings)));
  }

  private static ThrowingConsumer<String> says(String what) {
    return complaint -> assertThat(complaint).contains(what);
  }

  private static List<String> complaints(Map<String, String> settings) {
    return complaints(
        settings, new Circumstances(true, List.of(), new Circumstances.Role.Ordinary()));
  }

  private static List<String> complaints(Map<String, String> settings, Circumstances around) {
    return Safety.complaints(HubSettings.from(HubConfig.load(settings)), around);
  }
}
