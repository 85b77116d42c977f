package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code logback.xml} makes of a line. */
class LogLinesTest {
  private final LoggerContext context = new LoggerContext();
  private Encoder<ILoggingEvent> encoder;

  @BeforeEach
  void configure() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().next();
    encoder = console.getEncoder();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aLineHasItsTimeLevelLoggerAndMessage() {
    assertThat(line("node is open", null, Map.of()))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  \\S+ Door node is open\n");
  }

  @Test
  void whomItConcernsIsToldWhereItIsKnown() {
    assertThat(line("over", null, Map.of("peer", "pump/7", "session", "s1")))
        .contains("peer pump/7")
        .contains("session s1");
    assertThat(line("over", null, Map.of())).doesNotContain("peer").doesNotContain("session");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "\r\n",
        "\r",
        "\u001b[2J",
        "\0",
        "\b",
        "\u0085",
        "\u2028",
        "\u2029",
        "\u202e"
      })
  void nothingInAMessageForgesALineOrMovesTheCursor(String attack) {
    String forged = "a" + attack + "2026-01-01T00:00:00.000Z ERROR forged";
    assertOneLine(line(forged, null, Map.of()), attack);
    assertOneLine(line("x", new IllegalStateException(forged), Map.of()), attack);
    assertOneLine(line("x", null, Map.of("peer", forged, "session", forged)), attack);
  }

  @Test
  void aLookupInAMessageIsText() {
    assertThat(line("${jndi:ldap://evil} %d{} ${java.version}", null, Map.of()))
        .contains("${jndi:ldap://evil} %d{} ${java.version}");
  }

  @Test
  void aLongMessageIsCut() {
    assertThat(line("a".repeat(1 << 20), null, Map.of()).length()).isBetween(1_000, 5_000);
    String failed = line("x", new IllegalStateException("a".repeat(1 << 20)), Map.of());
    assertThat(failed.length()).isBetween(1_000, 10_000);
  }

  @Test
  void anExceptionStaysOnTheLine() {
    String line = line("failed", new IllegalStateException("why"), Map.of());
    assertThat(line).contains("failed").contains("IllegalStateException: why").contains("LogLines");
    assertOneLine(line, "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xml", "", "JSON "})
  void aMisspeltFormatSilencesNobody(String format) throws Exception {
    LoggerContext other = new LoggerContext();
    other.putProperty("HUB_LOG_FORMAT", format);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(other);
    configurator.doConfigure(LogLinesTest.class.getResource("/logback.xml"));
    assertThat(other.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()).hasNext();
    other.stop();
  }

  @Test
  void othersAreHeardFromWarningOn() {
    for (String other : new String[] {"org.apache.pekko", "com.zaxxer.hikari", "org.flywaydb"}) {
      assertThat(context.getLogger(other).getEffectiveLevel()).isEqualTo(Level.WARN);
    }
    assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  private static void assertOneLine(String line, String attack) {
    assertThat(line).endsWith("\n");
    String text = line.substring(0, line.length() - 1);
    assertThat(text).doesNotContain("\n").doesNotContain(attack).doesNotContain("\u001b");
  }

  private String line(String message, Throwable thrown, Map<String, String> mdc) {
    Logger logger = context.getLogger("io.peerhub.admin.Door");
    LoggingEvent event = new LoggingEvent("test", logger, Level.INFO, message, thrown, null);
    event.setMDCPropertyMap(mdc);
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
