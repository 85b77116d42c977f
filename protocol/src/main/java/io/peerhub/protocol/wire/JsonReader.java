package io.peerhub.protocol.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON form of one frame after another into drafts, by Jackson's synchronous parser. */
final class JsonReader {
  private static final String[] DELIVERIES = {"live", "critical"};
  private static final String[] CONFIRMATIONS = {"none", "accepted", "delivered"};

  /** 2^53 has 16 digits. */
  private static final int DIGITS_MAX = 16;

  private final Draft frame;
  private final Draft part = new Draft();
  private byte[] bytes;
  private int offset;

  JsonReader(Draft frame) {
    this.frame = frame;
  }

  /** Reads one frame; whoever asked clears the draft when it has made the frame of it. */
  void frame(byte[] source, int from, int length, Shape.Speaker speaker) throws BadFrame {
    bytes = source;
    offset = from;
    try (JsonParser parser = StrictJson.frame(source, from, length)) {
      if (parser == null) {
        throw frame.malformed("no JSON in UTF-8");
      }
      kinds(parser, speaker);
      if (parser.nextToken() != null) {
        throw frame.malformed("something behind the frame");
      }
    } catch (IOException | IllegalStateException malformed) {
      throw frame.malformed("not valid JSON, or past its limits");
    } finally {
      bytes = null;
    }
    if (frame.shape() == null) {
      throw new BadFrame(Refusal.UNKNOWN_FRAME, "no known kind of frame");
    }
  }

  private void kinds(JsonParser parser, Shape.Speaker speaker) throws IOException, BadFrame {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw frame.malformed("a frame is a JSON object");
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      Shape shape = Shape.named(name);
      JsonToken value = parser.nextToken();
      if (shape == null || value == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (frame.shape() != null) {
        frame.fault("two frames in one");
        parser.skipChildren();
      } else {
        frame.begin(shape);
        if (!shape.speaker.includes(speaker)) {
          throw frame.bad(Refusal.UNKNOWN_FRAME, "a frame of the other direction");
        }
        object(parser, value, frame);
      }
    }
  }

  private void object(JsonParser parser, JsonToken token, Draft draft) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      frame.fault(draft.shape().kind + " is no JSON object");
      parser.skipChildren();
      return;
    }
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      Field field = draft.shape().field(name);
      JsonToken value = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
      } else if (!draft.markSeen(field)) {
        frame.fault(field.name() + " stands twice");
        parser.skipChildren();
      } else if (value != JsonToken.VALUE_NULL || field.type() == Field.Type.BODY_JSON) {
        field(parser, value, draft, field);
      }
    }
  }

  private void field(JsonParser parser, JsonToken token, Draft draft, Field field)
      throws IOException {
    switch (field.type()) {
      case NAME, TEXT -> draft.put(field, text(parser, token, field));
      case NUMBER -> number(parser, token, draft, field, Frame.NUMBER_END);
      case SMALL_NUMBER -> number(parser, token, draft, field, Frame.SMALL_NUMBER_END);
      case FLAG -> flag(parser, token, draft, field);
      case DELIVERY -> choice(parser, token, draft, field, DELIVERIES);
      case CONFIRMATION -> choice(parser, token, draft, field, CONFIRMATIONS);
      case BODY_TEXT ->
          body(draft, Body.Kind.TEXT, text(parser, token, field).getBytes(StandardCharsets.UTF_8));
      case BODY_DATA -> body(draft, Body.Kind.DATA, data(parser, token, field));
      case BODY_JSON -> body(draft, Body.Kind.JSON, json(parser));
      case TEXTS -> texts(parser, token, draft, field);
      case MAP -> map(parser, token, draft, field);
      case RESUME -> {
        part.clear();
        part.begin(Shape.RESUME);
        object(parser, token, part);
        draft.put(field, FrameBuilder.resume(part));
        adoptFault();
      }
      case MEMBERS -> members(parser, token, draft, field);
    }
  }

  private String text(JsonParser parser, JsonToken token, Field field) throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      frame.fault(field.name() + " is no string");
      parser.skipChildren();
      return "";
    }
    String text = parser.getText();
    if (Utf8.hasLoneSurrogate(text)) {
      frame.fault(field.name() + " holds half of a surrogate pair");
      return "";
    }
    return text;
  }

  private void number(JsonParser parser, JsonToken token, Draft draft, Field field, long end)
      throws IOException {
    long value = -1;
    if (token == JsonToken.VALUE_NUMBER_INT) {
      boolean fits = parser.getTextLength() <= DIGITS_MAX;
      value = fits ? parser.getLongValue() : -1;
    } else if (token == JsonToken.VALUE_STRING) {
      value = digits(parser.getText());
    } else {
      parser.skipChildren();
    }
    if (value < 0 || value >= end) {
      frame.fault(field.name() + " is no number in range");
    } else {
      draft.put(field, value);
    }
  }

  /** A number in a string; -1 if it is none. */
  private static long digits(String text) {
    if (text.isEmpty() || text.length() > DIGITS_MAX) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private void flag(JsonParser parser, JsonToken token, Draft draft, Field field)
      throws IOException {
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      draft.put(field, token == JsonToken.VALUE_TRUE ? 1 : 0);
    } else {
      frame.fault(field.name() + " is neither true nor false");
      parser.skipChildren();
    }
  }

  /** A value of an enum, by its name or its number. */
  private void choice(JsonParser parser, JsonToken token, Draft draft, Field field, String[] names)
      throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      number(parser, token, draft, field, names.length);
      return;
    }
    String name = parser.getText();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        draft.put(field, i);
        return;
      }
    }
    frame.fault(field.name() + " has an unknown value");
  }

  private void body(Draft draft, Body.Kind kind, byte[] value) {
    if (draft.hasBody()) {
      frame.fault("two bodies");
    }
    draft.putBody(kind, value);
  }

  private byte[] data(JsonParser parser, JsonToken token, Field field) throws IOException {
    byte[] data = null;
    if (token == JsonToken.VALUE_STRING) {
      data =
          Base64Text.decode(
              parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    } else {
      parser.skipChildren();
    }
    if (data == null) {
      frame.fault(field.name() + " is not base64");
      return new byte[0];
    }
    return data;
  }

  /** The bytes of a value as they stand there; the parser has walked through all of it. */
  private byte[] json(JsonParser parser) throws IOException {
    int from = offset + (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = offset + (int) parser.currentLocation().getByteOffset();
    return JsonValidator.withoutLineBreaks(bytes, from, to);
  }

  private void texts(JsonParser parser, JsonToken token, Draft draft, Field field)
      throws IOException {
    if (token != JsonToken.START_ARRAY) {
      frame.fault(field.name() + " is no JSON array");
      parser.skipChildren();
      return;
    }
    List<String> texts = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      String text = text(parser, t, field);
      if (texts.size() == Draft.ENTRIES_MAX) {
        frame.fault(field.name() + " has too many entries");
      } else {
        texts.add(text);
      }
    }
    draft.put(field, texts);
  }

  private void map(JsonParser parser, JsonToken token, Draft draft, Field field)
      throws IOException {
    if (token != JsonToken.START_OBJECT) {
      frame.fault(field.name() + " is no JSON object");
      parser.skipChildren();
      return;
    }
    Map<String, String> map = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (Utf8.hasLoneSurrogate(name)) {
        frame.fault(field.name() + " holds half of a surrogate pair");
      }
      String value = text(parser, parser.nextToken(), field);
      if (map.size() == Draft.ENTRIES_MAX) {
        frame.fault(field.name() + " has too many entries");
      } else {
        map.put(name, value);
      }
    }
    draft.put(field, map);
  }

  private void members(JsonParser parser, JsonToken token, Draft draft, Field field)
      throws IOException {
    if (token != JsonToken.START_ARRAY) {
      frame.fault(field.name() + " is no JSON array");
      parser.skipChildren();
      return;
    }
    List<Frame.Member> members = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      part.clear();
      part.begin(Shape.MEMBER);
      object(parser, t, part);
      members.add(FrameBuilder.member(part));
      adoptFault();
    }
    draft.put(field, members);
  }

  private void adoptFault() {
    if (part.fault() != null) {
      frame.fault(part.fault());
    }
  }
}
