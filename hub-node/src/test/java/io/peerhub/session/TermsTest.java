package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {
  private static final SessionSettings SETTINGS =
      SessionSettings.from(ConfigFactory.load().getConfig("peerhub.session"));

  @Test
  void whatIsLeftOpenIsTheHubsToSay() {
    Terms terms = agreed(hello(1, "bob", "", 0, 0));
    assertThat(terms.clientAcks()).isFalse();
    assertThat(terms.window()).isEqualTo(256);
    assertThat(terms.heartbeat()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @CsvSource({"-5, 1", "1, 1", "10000, 10000", "10001, 10000"})
  void aWindowIsClamped(int asked, int holds) {
    assertThat(agreed(hello(1, "bob", "client", asked, 0)).window()).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "1000, 1000", "300000, 300000", "300001, 300000"})
  void aHeartbeatIsClamped(int asked, int holds) {
    assertThat(agreed(hello(1, "bob", "auto", 0, asked)).heartbeat()).hasMillis(holds);
  }

  @Test
  void anotherVersionIsNotSpoken() {
    assertThat(refused(hello(2, "bob", "", 0, 0))).isEqualTo(Refusal.VERSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "bob/", "/phone", "a/b/c", "bob*", "b ob", "room:x", "böb"})
  void aNameOutOfGrammarIsRefused(String name) {
    assertThat(refused(hello(1, name, "", 0, 0))).isEqualTo(Refusal.BAD_NAME);
  }

  @Test
  void anUnknownWayToAcknowledgeIsRefused() {
    assertThat(refused(hello(1, "bob", "maybe", 0, 0))).isEqualTo(Refusal.MALFORMED);
  }

  private static Terms agreed(Frame.Hello hello) {
    return ((Terms.Agreed) Terms.read(hello, SETTINGS)).terms();
  }

  private static Refusal refused(Frame.Hello hello) {
    return ((Terms.Refused) Terms.read(hello, SETTINGS)).refusal();
  }

  private static Frame.Hello hello(
      int version, String peer, String ack, int window, int heartbeatMs) {
    return new Frame.Hello(
        version,
        peer,
        "none",
        "",
        Optional.empty(),
        ack,
        window,
        heartbeatMs,
        List.of(),
        "",
        Map.of());
  }
}
