package io.peerhub.hub;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that goes to the log, as it would reach an operator. */
public final class LogTap extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final ch.qos.logback.classic.Logger root;

  private LogTap(LoggerContext context) {
    root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    setContext(context);
  }

  public static LogTap open() {
    LogTap tap = new LogTap((LoggerContext) LoggerFactory.getILoggerFactory());
    tap.start();
    tap.root.addAppender(tap);
    return tap;
  }

  /** One string for each line, but for what Pekko says of a slow machine (late heartbeats). */
  public List<String> lines() {
    return events.stream()
        .filter(event -> !event.getLoggerName().startsWith("org.apache.pekko."))
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  /** Everything, with the messages of exceptions, whoever said it. */
  public String everything() {
    StringBuilder all = new StringBuilder();
    for (ILoggingEvent event : events) {
      all.append(event.getFormattedMessage()).append('\n');
      for (IThrowableProxy thrown = event.getThrowableProxy();
          thrown != null;
          thrown = thrown.getCause()) {
        all.append(thrown.getMessage()).append('\n');
      }
    }
    return all.toString();
  }

  /** The lines that bring an exception along. */
  public List<String> stackTraces() {
    return events.stream()
        .filter(event -> event.getThrowableProxy() != null)
        .map(event -> event.getFormattedMessage() + ": " + event.getThrowableProxy().getClassName())
        .toList();
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
