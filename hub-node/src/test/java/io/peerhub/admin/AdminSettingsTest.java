package io.peerhub.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminSettingsTest {
  private static final Path DATA = Path.of("data");

  @Test
  void theDefaultsOpenTheDoorOnLoopbackOnly() throws Exception {
    AdminSettings settings = AdminSettings.from(http(), DATA);
    assertThat(InetAddress.getByName(settings.host()).isLoopbackAddress()).isTrue();
    assertThat(settings.access().tokenFile()).isEqualTo(Path.of("data/admin.token"));
  }

  @Test
  void aGivenTokenFileIsNotTheNodesOwn() {
    assertThat(AdminSettings.from(http(), DATA).access().tokenGiven()).isFalse();
    Config given = ConfigFactory.parseString("token-file = /run/token").withFallback(http());
    AdminSettings.Access access = AdminSettings.from(given, DATA).access();
    assertThat(access.tokenGiven()).isTrue();
    assertThat(access.tokenFile()).isEqualTo(Path.of("/run/token"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host = \" \"",
        "port = -1",
        "port = 65536",
        "max-connections = 0",
        "idle-timeout = 0s",
        "connection-lifetime = 0s",
        "request-timeout = -1s"
      })
  void aWrongSettingIsNamed(String wrong) {
    Config http = ConfigFactory.parseString(wrong).withFallback(http());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdminSettings.from(http, DATA))
        .withMessageContaining("peerhub.http: " + wrong.substring(0, wrong.indexOf(' ')));
  }

  private static Config http() {
    return ConfigFactory.parseResources("reference.conf").resolve().getConfig("peerhub.http");
  }
}
