package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
  private static ClientSettings.Builder settings() {
    return ClientSettings.builder("alice").server("hub");
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDefaultsAreThoseOfTheContract() {
    ClientSettings settings = settings().build();
    assertThat(settings.patience().connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.retry().first()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.retry().most()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.retry().attemptsMax()).isZero();
    assertThat(settings.limits().liveMax()).isEqualTo(2_000);
    assertThat(settings.limits().liveTtl()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.window()).isEqualTo(256);
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(() -> ClientSettings.builder("no such name!"));
    assertRefused(() -> ClientSettings.builder("alice").build());
    assertRefused(() -> settings().window(0).build());
    assertRefused(() -> settings().window(10_001).build());
    assertRefused(() -> settings().heartbeat(Duration.ofMillis(999)).build());
    assertRefused(() -> Credentials.hmac(new byte[31]));
    assertRefused(() -> new ClientSettings.Retry(Duration.ofSeconds(2), Duration.ofSeconds(1), 0));
    assertRefused(() -> new ClientSettings.Limits(0, Duration.ofSeconds(1), 1, 1, 1, 1));
  }

  @Test
  void tellsNoSecret() {
    String text = settings().credentials(Credentials.hmac(new byte[32])).build().toString();
    assertThat(text).contains("Hmac[***]");
    assertThat(Credentials.password("secret").toString()).isEqualTo("Password[***]");
    assertThat(Credentials.token(() -> "secret").toString()).isEqualTo("Token[***]");
    assertRefused(() -> Credentials.password(""));
  }

  @Test
  void aMessageIsCheckedWhenItIsMade() {
    assertRefused(() -> Outgoing.live("no such address!", Body.EMPTY));
    assertRefused(() -> Outgoing.live("bob", Body.EMPTY).withId("x".repeat(129)));
    assertRefused(() -> Outgoing.live("bob", Body.EMPTY).withTtl(Duration.ofDays(100)));
    Outgoing critical = Outgoing.critical("bob", Body.EMPTY).withConfirm(Confirmation.NONE);
    assertThat(critical.confirm()).isEqualTo(Confirmation.ACCEPTED);
  }
}
