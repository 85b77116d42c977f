package io.peerhub.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {

  private static final DatabaseSettings.Source SOURCE =
      new DatabaseSettings.Embedded(Path.of("data"));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(9);

  @Test
  void holdTheDefaultsOfANode() {
    assertThat(DatabaseSettings.of(SOURCE))
        .isEqualTo(
            new DatabaseSettings(
                SOURCE,
                4,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(8),
                Duration.ofMillis(2500),
                200_000));
  }

  @Test
  void refuseAPoolThatIsEmptyOrTakesTheWholeServer() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(0, SECOND, LONG, 1))
        .withMessageContaining("poolMax");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(101, SECOND, LONG, 1))
        .withMessageContaining("poolMax");
  }

  @Test
  void refuseTimesThatAreNoneOrForEver() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(4, Duration.ZERO, LONG, 1))
        .withMessageContaining("statementTimeout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(4, SECOND, Duration.ofDays(1), 1))
        .withMessageContaining("socketTimeout");
  }

  @Test
  void refuseASocketThatGivesUpBeforeItsStatement() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(4, LONG, LONG, 1))
        .withMessageContaining("must exceed statementTimeout");
  }

  @Test
  void refuseAQueueWithoutPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(4, SECOND, LONG, 0))
        .withMessageContaining("termsWaitingMax");
  }

  private static DatabaseSettings settings(
      int poolMax, Duration statement, Duration socket, int waitingMax) {
    return new DatabaseSettings(
        SOURCE, poolMax, SECOND, statement, SECOND, socket, SECOND, waitingMax);
  }
}
