package io.peerhub.protocol.wire;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes fields as the proto3 mapping to JSON, in one line. Its own writer: the names are prepared
 * bytes and a body is copied, which is what a generator could not know.
 */
final class JsonWriter implements FieldSink {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[][] DELIVERIES = quoted("live", "critical");
  private static final byte[][] CONFIRMATIONS = quoted("none", "accepted", "delivered");

  /** The most digits of a number of 64 bits. */
  private static final int DIGITS_MAX = 19;

  private ByteSink out;

  /** Whether the next field is the first one of its object: then it has no comma before it. */
  private boolean first;

  private static byte[][] quoted(String... names) {
    byte[][] quoted = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      quoted[i] = ('"' + names[i] + '"').getBytes(StandardCharsets.US_ASCII);
    }
    return quoted;
  }

  void frame(Frame frame, ByteSink to) {
    out = to;
    out.put(FrameWriter.shapeOf(frame).jsonOpening);
    first = true;
    FrameWriter.fields(frame, this);
    out.put((byte) '}');
    out.put((byte) '}');
    out = null;
  }

  /** The fields of a frame alone, each with a comma before it. */
  byte[] fields(Frame frame) {
    ByteSink sink = new ByteSink();
    out = sink;
    first = false;
    FrameWriter.fields(frame, this);
    out = null;
    return sink.toByteArray();
  }

  /** Writes a copy of a message under its number. */
  void copy(SharedMessage message, long seq, ByteSink to) {
    byte[] tail = message.jsonTail(this);
    out = to;
    out.put(Shape.MESSAGE.jsonOpening);
    first = true;
    number(Schema.Message.SEQ, seq);
    out.put(tail);
    out.put((byte) '}');
    out.put((byte) '}');
    out = null;
  }

  @Override
  public void text(Field field, String value) {
    if (!value.isEmpty()) {
      key(field);
      string(value);
    }
  }

  @Override
  public void number(Field field, long value) {
    if (value != 0) {
      key(field);
      digits(value);
    }
  }

  @Override
  public void flag(Field field, boolean value) {
    if (value) {
      key(field);
      out.put(TRUE);
    }
  }

  @Override
  public void choice(Field field, Enum<?> value) {
    int place = value.ordinal();
    if (place != 0) {
      key(field);
      out.put(field.type() == Field.Type.DELIVERY ? DELIVERIES[place] : CONFIRMATIONS[place]);
    }
  }

  @Override
  public void body(Field text, Field data, Field json, Body body) {
    switch (body.kind()) {
      case EMPTY -> {}
      case TEXT -> {
        key(text);
        utf8(body.bytes());
      }
      case DATA -> {
        key(data);
        out.put((byte) '"');
        Base64Text.encode(body.bytes(), out);
        out.put((byte) '"');
      }
      case JSON -> {
        key(json);
        out.put(JsonValidator.withoutLineBreaks(body.bytes(), 0, body.size()));
      }
    }
  }

  @Override
  public void texts(Field field, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    key(field);
    byte before = '[';
    for (String value : values) {
      out.put(before);
      string(value);
      before = ',';
    }
    out.put((byte) ']');
  }

  @Override
  public void map(Field field, Map<String, String> values) {
    if (values.isEmpty()) {
      return;
    }
    key(field);
    byte before = '{';
    for (Map.Entry<String, String> entry : values.entrySet()) {
      out.put(before);
      string(entry.getKey());
      out.put((byte) ':');
      string(entry.getValue());
      before = ',';
    }
    out.put((byte) '}');
  }

  @Override
  public void resume(Field field, Optional<Frame.Resume> value) {
    if (value.isPresent()) {
      key(field);
      out.put((byte) '{');
      first = true;
      text(Schema.Resume.SESSION, value.get().session());
      number(Schema.Resume.RECEIVED, value.get().received());
      out.put((byte) '}');
      first = false;
    }
  }

  @Override
  public void members(Field field, List<Frame.Member> values) {
    if (values.isEmpty()) {
      return;
    }
    key(field);
    byte before = '[';
    for (Frame.Member member : values) {
      out.put(before);
      out.put((byte) '{');
      first = true;
      text(Schema.Member.PEER, member.peer());
      number(Schema.Member.SINCE, member.since());
      map(Schema.Member.LABELS, member.labels());
      out.put((byte) '}');
      before = ',';
    }
    out.put((byte) ']');
    first = false;
  }

  private void key(Field field) {
    byte[] key = field.jsonKey();
    if (first) {
      out.put(key, 1, key.length - 1);
      first = false;
    } else {
      out.put(key);
    }
  }

  private void digits(long value) {
    byte[] array = out.ensure(DIGITS_MAX);
    int size = 1;
    for (long left = value / 10; left != 0; left /= 10) {
      size++;
    }
    long left = value;
    for (int at = out.length() + size - 1; at >= out.length(); at--) {
      array[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    out.advance(size);
  }

  /** A text; ASCII that needs no escape, which nearly all is, in one pass. */
  private void string(String value) {
    int length = value.length();
    byte[] array = out.ensure(length + 2);
    int at = out.length();
    array[at++] = '"';
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80 || isEscaped((byte) c)) {
        utf8(value.getBytes(StandardCharsets.UTF_8));
        return;
      }
      array[at++] = (byte) c;
    }
    array[at] = '"';
    out.advance(length + 2);
  }

  /** A string of UTF-8: runs between escapes are copied. */
  private void utf8(byte[] bytes) {
    out.put((byte) '"');
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (isEscaped(bytes[i])) {
        out.put(bytes, from, i - from);
        escape(bytes[i]);
        from = i + 1;
      }
    }
    out.put(bytes, from, bytes.length - from);
    out.put((byte) '"');
  }

  private static boolean isEscaped(byte b) {
    return b >= 0 && b < ' ' || b == '"' || b == '\\';
  }

  private void escape(byte b) {
    out.put((byte) '\\');
    switch (b) {
      case '"', '\\' -> out.put(b);
      case '\n' -> out.put((byte) 'n');
      case '\r' -> out.put((byte) 'r');
      case '\t' -> out.put((byte) 't');
      default -> {
        out.put((byte) 'u');
        out.put((byte) '0');
        out.put((byte) '0');
        out.put(HEX[b >>> 4]);
        out.put(HEX[b & 15]);
      }
    }
  }
}
