package io.peerhub.protocol.wire;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes fields as Protobuf. A length that stands before something is guessed by the room left for
 * it, and what was written is moved where the guess was wrong: one pass instead of two.
 */
final class BinaryWriter implements FieldSink {
  private static final int KEY_TAG = 1 << 3 | Field.LENGTH_DELIMITED;
  private static final int VALUE_TAG = 2 << 3 | Field.LENGTH_DELIMITED;

  /** What the fields around a body usually need. */
  private static final int ENVELOPE = 48;

  /** The most that a length takes which stands before a frame. */
  private static final int HEAD_MAX = 5;

  private ByteSink out;

  /** Writes a frame, with its length before it where it is delimited. */
  void frame(Frame frame, boolean delimited, ByteSink to) {
    out = to;
    Shape shape = FrameWriter.shapeOf(frame);
    int start = out.length();
    int lengthSize = varintSize(FrameWriter.bodyOf(frame).size() + ENVELOPE);
    int tagSize = varintSize(shape.tag);
    int room = (delimited ? lengthSize : 0) + tagSize + lengthSize;
    out.ensure(room);
    out.advance(room);
    FrameWriter.fields(frame, this);
    int inner = out.length() - start - room;
    int whole = tagSize + varintSize(inner) + inner;
    int head = whole - inner + (delimited ? varintSize(whole) : 0);
    out.shift(start + room, head - room);
    byte[] array = out.array();
    int at = start;
    if (delimited) {
      at = varintAt(array, at, whole);
    }
    at = varintAt(array, at, shape.tag);
    varintAt(array, at, inner);
    out = null;
  }

  /** The fields of a frame alone, without what stands before them. */
  byte[] fields(Frame frame) {
    ByteSink sink = new ByteSink();
    out = sink;
    FrameWriter.fields(frame, this);
    out = null;
    return sink.toByteArray();
  }

  /** Writes a copy of a message under its number; every length is known before it is written. */
  void copy(SharedMessage message, long seq, boolean delimited, ByteSink to) {
    byte[] tail = message.binaryTail(this);
    int tag = Shape.MESSAGE.tag;
    int inner = varintSize(Schema.Message.SEQ.tag()) + longSize(seq) + tail.length;
    int whole = varintSize(tag) + varintSize(inner) + inner;
    byte[] array = to.ensure(whole + HEAD_MAX);
    int start = to.length();
    int at = delimited ? varintAt(array, start, whole) : start;
    at = varintAt(array, at, tag);
    at = varintAt(array, at, inner);
    at = varintAt(array, at, Schema.Message.SEQ.tag());
    at = varintAt(array, at, seq);
    System.arraycopy(tail, 0, array, at, tail.length);
    to.advance(at + tail.length - start);
  }

  @Override
  public void text(Field field, String value) {
    if (!value.isEmpty()) {
      varint(field.tag());
      string(value);
    }
  }

  @Override
  public void number(Field field, long value) {
    if (value != 0) {
      varint(field.tag());
      varint(value);
    }
  }

  @Override
  public void flag(Field field, boolean value) {
    if (value) {
      varint(field.tag());
      varint(1);
    }
  }

  @Override
  public void choice(Field field, Enum<?> value) {
    number(field, value.ordinal());
  }

  @Override
  public void body(Field text, Field data, Field json, Body body) {
    switch (body.kind()) {
      case EMPTY -> {}
      case TEXT -> bytes(text, body.bytes());
      case DATA -> bytes(data, body.bytes());
      case JSON -> bytes(json, body.bytes());
    }
  }

  private void bytes(Field field, byte[] value) {
    varint(field.tag());
    varint(value.length);
    out.put(value);
  }

  @Override
  public void texts(Field field, List<String> values) {
    for (String value : values) {
      varint(field.tag());
      string(value);
    }
  }

  @Override
  public void map(Field field, Map<String, String> values) {
    if (values.isEmpty()) {
      return;
    }
    for (Map.Entry<String, String> entry : values.entrySet()) {
      int start = open(field);
      varint(KEY_TAG);
      string(entry.getKey());
      varint(VALUE_TAG);
      string(entry.getValue());
      close(start);
    }
  }

  @Override
  public void resume(Field field, Optional<Frame.Resume> value) {
    if (value.isPresent()) {
      int start = open(field);
      text(Schema.Resume.SESSION, value.get().session());
      number(Schema.Resume.RECEIVED, value.get().received());
      close(start);
    }
  }

  @Override
  public void members(Field field, List<Frame.Member> values) {
    for (Frame.Member member : values) {
      int start = open(field);
      text(Schema.Member.PEER, member.peer());
      number(Schema.Member.SINCE, member.since());
      map(Schema.Member.LABELS, member.labels());
      close(start);
    }
  }

  /** Begins a message within the frame, with room for a length of one byte. */
  private int open(Field field) {
    varint(field.tag());
    out.put((byte) 0);
    return out.length();
  }

  private void close(int start) {
    int length = out.length() - start;
    out.shift(start, varintSize(length) - 1);
    varintAt(out.array(), start - 1, length);
  }

  /** A text with its length; ASCII, which nearly all is, in one pass. */
  private void string(String value) {
    int length = value.length();
    int start = out.length();
    if (length < 0x80) {
      byte[] array = out.ensure(length + 1);
      int i = 0;
      while (i < length && value.charAt(i) < 0x80) {
        array[start + 1 + i] = (byte) value.charAt(i);
        i++;
      }
      if (i == length) {
        array[start] = (byte) length;
        out.advance(length + 1);
        return;
      }
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    out.put(utf8);
  }

  private void varint(long value) {
    byte[] array = out.ensure(10);
    out.advance(varintAt(array, out.length(), value) - out.length());
  }

  private static int varintAt(byte[] array, int start, long value) {
    int at = start;
    long left = value;
    while ((left & ~0x7fL) != 0) {
      array[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    array[at++] = (byte) left;
    return at;
  }

  private static int longSize(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }
}
