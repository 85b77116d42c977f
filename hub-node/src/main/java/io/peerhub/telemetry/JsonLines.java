package io.peerhub.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * One JSON object a line, for what collects logs ({@code HUB_LOG_FORMAT=json}): {@code time} (UTC),
 * {@code level}, {@code node}, {@code logger}, {@code message}, {@code peer} and {@code session}
 * where they are known, and {@code error} with the stack trace.
 *
 * <p>Only ASCII is written, the rest escaped: no text of a peer can end a line, turn a terminal's
 * direction, or be something else in another encoding. Texts are cut at the lengths of the plain
 * format. Logback's own {@code JsonEncoder} does neither.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final int MESSAGE_MAX = 4000;
  private static final int ERROR_MAX = 6000;
  private static final int FRAMES_MAX = 20;
  private static final int CAUSES_MAX = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

  private final JsonFactory json =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private String node = "-";

  /** What {@code logback.xml} says. */
  public void setNode(String node) {
    this.node = node;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", TIME.format(event.getInstant()));
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("node", node);
      out.writeStringField("logger", event.getLoggerName());
      out.writeStringField("message", cut(event.getFormattedMessage(), MESSAGE_MAX));
      whom(out, event.getMDCPropertyMap());
      if (event.getThrowableProxy() != null) {
        out.writeStringField("error", cut(trace(event.getThrowableProxy()), ERROR_MAX));
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void whom(JsonGenerator out, Map<String, String> known) throws IOException {
    for (String key : new String[] {"peer", "session"}) {
      String value = known.get(key);
      if (value != null) {
        out.writeStringField(key, cut(value, MESSAGE_MAX));
      }
    }
  }

  private static String trace(IThrowableProxy thrown) {
    StringBuilder text = new StringBuilder();
    IThrowableProxy cause = thrown;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      text.append(i == 0 ? "" : "\nCaused by: ").append(cause.getClassName());
      text.append(": ").append(cut(String.valueOf(cause.getMessage()), MESSAGE_MAX));
      StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
      for (int frame = 0; frame < Math.min(frames.length, FRAMES_MAX); frame++) {
        text.append("\n  ").append(frames[frame]);
      }
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max);
  }
}
