package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the Protobuf form of one message after another into drafts. */
final class BinaryReader {
  private static final int KEY_TAG = 1 << 3 | Field.LENGTH_DELIMITED;
  private static final int VALUE_TAG = 2 << 3 | Field.LENGTH_DELIMITED;

  private final TextCache names = new TextCache();
  private final Draft frame;
  private final Draft part = new Draft();
  private byte[] bytes;
  private int position;

  BinaryReader(Draft frame) {
    this.frame = frame;
  }

  /** Reads one frame; whoever asked clears the draft when it has made the frame of it. */
  void frame(byte[] source, int offset, int length, Shape.Speaker speaker) throws BadFrame {
    bytes = source;
    position = offset;
    try {
      kinds(offset + length, speaker);
    } finally {
      bytes = null;
    }
    if (frame.shape() == null) {
      throw new BadFrame(Refusal.UNKNOWN_FRAME, "no known kind of frame");
    }
  }

  private void kinds(int end, Shape.Speaker speaker) throws BadFrame {
    while (position < end) {
      int tag = tag(end);
      Shape shape = Shape.numbered(tag >>> 3);
      if (shape == null) {
        skip(tag & 7, end);
      } else {
        kind(shape, tag, end, speaker);
      }
    }
  }

  private void kind(Shape shape, int tag, int end, Shape.Speaker speaker) throws BadFrame {
    if (tag != shape.tag) {
      throw frame.malformed("a frame that is no message");
    }
    if (frame.shape() != null) {
      throw frame.malformed("two frames in one");
    }
    frame.begin(shape);
    int to = lengthDelimited(end);
    if (!shape.speaker.includes(speaker)) {
      throw frame.bad(Refusal.UNKNOWN_FRAME, "a frame of the other direction");
    }
    fields(frame, to);
    validateJsonBody();
  }

  private void validateJsonBody() {
    Body body = frame.body();
    if (body.kind() == Body.Kind.JSON) {
      byte[] value = JsonValidator.validated(body.bytes());
      if (value == null) {
        frame.fault("json is not one valid JSON value");
      } else {
        frame.putBody(Body.Kind.JSON, value);
      }
    }
  }

  private void fields(Draft draft, int end) throws BadFrame {
    Shape shape = draft.shape();
    while (position < end) {
      int tag = tag(end);
      Field field = shape.field(tag >>> 3);
      if (field == null) {
        skip(tag & 7, end);
      } else if (field.tag() != tag) {
        frame.fault(field.name() + " has another type");
        skip(tag & 7, end);
      } else if (field.type().wireType == Field.VARINT) {
        varintField(draft, field, end);
      } else {
        int to = lengthDelimited(end);
        lengthDelimitedField(draft, field, to);
        position = to;
      }
    }
  }

  private void varintField(Draft draft, Field field, int end) throws BadFrame {
    long value = varint(end);
    long limit =
        switch (field.type()) {
          case NUMBER -> Frame.NUMBER_END;
          case SMALL_NUMBER -> Frame.SMALL_NUMBER_END;
          case DELIVERY -> DeliveryClass.values().length;
          case CONFIRMATION -> Confirmation.values().length;
          default -> Long.MAX_VALUE;
        };
    if (field.type() == Field.Type.FLAG) {
      draft.put(field, value == 0 ? 0 : 1);
    } else if (value < 0 || value >= limit) {
      frame.fault(field.name() + " is out of range");
    } else {
      draft.put(field, value);
    }
  }

  private void lengthDelimitedField(Draft draft, Field field, int to) throws BadFrame {
    switch (field.type()) {
      case NAME -> draft.put(field, name(field, to));
      case TEXT -> draft.put(field, text(field, position, to));
      case BODY_TEXT -> {
        if (!Utf8.isValid(bytes, position, to)) {
          frame.fault("text is not UTF-8");
        }
        draft.putBody(Body.Kind.TEXT, copy(to));
      }
      case BODY_DATA -> draft.putBody(Body.Kind.DATA, copy(to));
      case BODY_JSON -> draft.putBody(Body.Kind.JSON, copy(to));
      case TEXTS -> texts(draft, field, to);
      case MAP -> mapEntry(draft, field, to);
      case RESUME -> {
        nested(Shape.RESUME, to);
        draft.put(field, FrameBuilder.resume(part));
        adoptFault();
      }
      case MEMBERS -> member(draft, field, to);
      default -> throw new IllegalStateException("no length-delimited type: " + field.type());
    }
  }

  private byte[] copy(int to) {
    return Arrays.copyOfRange(bytes, position, to);
  }

  private String name(Field field, int to) {
    return Utf8.asciiEnd(bytes, position, to) == to
        ? names.ascii(bytes, position, to)
        : text(field, position, to);
  }

  private String text(Field field, int from, int to) {
    if (Utf8.asciiEnd(bytes, from, to) == to) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    if (!Utf8.isValid(bytes, from, to)) {
      frame.fault(field.name() + " is not UTF-8");
      return "";
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private void texts(Draft draft, Field field, int to) {
    List<String> texts = draft.texts(field);
    if (texts.isEmpty()) {
      texts = new ArrayList<>();
      draft.put(field, texts);
    }
    if (texts.size() == Draft.ENTRIES_MAX) {
      frame.fault(field.name() + " has too many entries");
    } else {
      texts.add(text(field, position, to));
    }
  }

  /** One entry of a map; as Protobuf has it, the last one of a key holds. */
  private void mapEntry(Draft draft, Field field, int to) throws BadFrame {
    String key = "";
    String value = "";
    while (position < to) {
      int tag = tag(to);
      if (tag == KEY_TAG || tag == VALUE_TAG) {
        int end = lengthDelimited(to);
        String text = text(field, position, end);
        key = tag == KEY_TAG ? text : key;
        value = tag == KEY_TAG ? value : text;
        position = end;
      } else {
        skip(tag & 7, to);
      }
    }
    Map<String, String> map = draft.map(field);
    if (map.isEmpty()) {
      map = new LinkedHashMap<>();
      draft.put(field, map);
    }
    map.put(key, value);
    if (map.size() > Draft.ENTRIES_MAX) {
      map.remove(key);
      frame.fault(field.name() + " has too many entries");
    }
  }

  private void member(Draft draft, Field field, int to) throws BadFrame {
    List<Frame.Member> members = draft.members(field);
    if (members.isEmpty()) {
      members = new ArrayList<>();
      draft.put(field, members);
    }
    nested(Shape.MEMBER, to);
    members.add(FrameBuilder.member(part));
    adoptFault();
  }

  private void nested(Shape shape, int to) throws BadFrame {
    part.clear();
    part.begin(shape);
    fields(part, to);
  }

  private void adoptFault() {
    if (part.fault() != null) {
      frame.fault(part.fault());
    }
  }

  private int tag(int end) throws BadFrame {
    long tag = varint(end);
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw frame.malformed("a field without a number");
    }
    return (int) tag;
  }

  /** Reads a length and returns where the field ends. */
  private int lengthDelimited(int end) throws BadFrame {
    long length = varint(end);
    if (length < 0 || length > end - position) {
      throw frame.malformed("a field is longer than what holds it");
    }
    return position + (int) length;
  }

  private long varint(int end) throws BadFrame {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw frame.malformed("the frame ends within a number");
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw frame.malformed("a number of more than 64 bits");
  }

  /** Passes over a field that this version does not know. Groups are not spoken here. */
  private void skip(int wireType, int end) throws BadFrame {
    switch (wireType) {
      case 0 -> varint(end);
      case 1 -> advance(Long.BYTES, end);
      case 2 -> position = lengthDelimited(end);
      case 5 -> advance(Integer.BYTES, end);
      default -> throw frame.malformed("a field of an unknown type");
    }
  }

  private void advance(int count, int end) throws BadFrame {
    if (count > end - position) {
      throw frame.malformed("the frame ends within a number");
    }
    position += count;
  }
}
