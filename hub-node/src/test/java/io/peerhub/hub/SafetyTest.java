package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
    assertThat(complaints(Map.of("peerhub.mode", "production"))).hasSize(3);
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
    "peerhub.identity.auth, password, none or hmac",
    "peerhub.identity.auth, hmac, keys-file",
    "peerhub.session.heartbeat, 500ms, heartbeat",
    "peerhub.session.queue-share, 1.5, queue-share",
    "peerhub.peer.on-duplicate, both, takeover or refuse"
  })
  void aValueOutOfRangeIsNamedWithWhatIsAllowed(String key, String value, String says) {
    assertThatThrownBy(() -> complaints(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  private static List<String> complaints(Map<String, String> settings) {
    return Safety.complaints(HubSettings.from(HubConfig.load(settings)));
  }
}
