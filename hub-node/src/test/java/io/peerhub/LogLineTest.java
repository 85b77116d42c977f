package io.peerhub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What an operator reads: one line a thing, whatever the thing contains. */
class LogLineTest {
  private static final String STAMP =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) ";

  private final LogbackMDCAdapter about = new LogbackMDCAdapter();

  @Test
  void aLineSaysWhenHowBadWhoAndWhat() throws JoranException {
    assertThat(logged(log -> log.info("opened on {}", 37888)))
        .matches(STAMP + "INFO  \\S+ Listener opened on 37888\n");
  }

  @Test
  void aLineSaysWhomItConcerns() throws JoranException {
    about.put("peer", "alice");
    about.put("session", "s1");

    assertThat(logged(log -> log.warn("gone"))).endsWith(" gone [peer alice, session s1]\n");
  }

  @Test
  void aTextCannotForgeALineNorColourTheTerminal() throws JoranException {
    String hostile = "a\r\nERROR b\u001b[31m\u2028c\u0085d\u0000";

    assertThat(logged(log -> log.info("said {}", hostile)))
        .endsWith(" said a??ERROR b?[31m?c?d?\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void aHugeTextIsCut() throws JoranException {
    assertThat(logged(log -> log.info("x".repeat(1 << 20)))).hasSizeLessThan(5000);
  }

  @Test
  void aStackTraceStaysOnItsLine() throws JoranException {
    IllegalStateException bug =
        new IllegalStateException("two\nlines", new RuntimeException("why"));

    assertThat(logged(log -> log.error("failed", bug)))
        .contains("failed ", "IllegalStateException: two", "Caused by: ", "why", "LogLineTest")
        .containsOnlyOnce("\n")
        .endsWith("\n");
  }

  @Test
  void pekkoSpeaksOnlyWhenItWarns() throws JoranException {
    LoggerContext context = context();

    assertThat(context.getLogger("org.apache.pekko.cluster.Cluster").isInfoEnabled()).isFalse();
    assertThat(context.getLogger("io.peerhub.hub.HubNode").isInfoEnabled()).isTrue();
  }

  private interface Act {
    void on(Logger logger);
  }

  private String logged(Act act) throws JoranException {
    PrintStream console = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      act.on(context().getLogger("io.peerhub.connection.Listener"));
    } finally {
      System.setOut(console);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private LoggerContext context() throws JoranException {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(about);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLineTest.class.getResource("/logback.xml"));
    return context;
  }
}
