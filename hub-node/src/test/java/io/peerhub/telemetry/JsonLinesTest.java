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
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code logback.xml} makes of a line with {@code HUB_LOG_FORMAT=json}. */
class JsonLinesTest {
  private final LoggerContext context = new LoggerContext();
  private Encoder<ILoggingEvent> encoder;

  @BeforeEach
  void configure() throws Exception {
    context.putProperty("HUB_LOG_FORMAT", "json");
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(JsonLinesTest.class.getResource("/logback.xml"));
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
  void aLineSaysWhenWhereAndWhom() throws IOException {
    Map<String, String> line =
        read(line("over", null, Map.of("peer", "pump/7", "session", "s1", "other", "x")));
    assertThat(line.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(line)
        .containsEntry("level", "INFO")
        .containsEntry("logger", "io.peerhub.admin.Door")
        .containsEntry("message", "over")
        .containsEntry("peer", "pump/7")
        .containsEntry("session", "s1")
        .doesNotContainKey("other")
        .doesNotContainKey("error")
        .containsKey("node");
    assertThat(read(line("over", null, Map.of()))).doesNotContainKeys("peer", "session");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n", "\r", "\u001b[2J", "\0", "\u0085", "\u2028", "\u202e", "\"}\n{\"", "\ud800"})
  void nothingInATextLeavesItsField(String attack) throws IOException {
    String forged = "a" + attack + "b";
    String line =
        line(forged, new IllegalStateException(forged), Map.of("peer", forged, "session", forged));
    assertThat(line.substring(0, line.length() - 1)).matches("[\\x20-\\x7e]+");
    assertThat(read(line))
        .containsEntry("message", forged)
        .containsEntry("peer", forged)
        .containsEntry("session", forged);
  }

  @Test
  void anExceptionIsAFieldAndItsCausesAreTold() throws IOException {
    Exception thrown = new IllegalStateException("why", new IOException("disk"));
    assertThat(read(line("failed", thrown, Map.of())).get("error"))
        .startsWith("java.lang.IllegalStateException: why\n")
        .contains("JsonLinesTest")
        .contains("Caused by: java.io.IOException: disk");
  }

  @Test
  void aLongTextIsCut() {
    String far = "a".repeat(1 << 20);
    assertThat(line(far, new IllegalStateException(far), Map.of("peer", far)).length())
        .isBetween(4_000, 20_000);
  }

  private String line(String message, Throwable thrown, Map<String, String> mdc) {
    Logger logger = context.getLogger("io.peerhub.admin.Door");
    LoggingEvent event = new LoggingEvent("test", logger, Level.INFO, message, thrown, null);
    event.setMDCPropertyMap(mdc);
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  private static Map<String, String> read(String line) throws IOException {
    assertThat(line).endsWith("}\n");
    Map<String, String> fields = new HashMap<>();
    try (JsonParser in = new JsonFactory().createParser(line)) {
      assertThat(in.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String key = in.currentName();
        in.nextToken();
        fields.put(key, in.getText());
      }
      assertThat(in.nextToken()).as("one object a line").isNull();
    }
    return fields;
  }
}
