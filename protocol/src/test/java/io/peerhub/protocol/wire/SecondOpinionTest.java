package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import io.peerhub.protocol.wire.Vectors.Vector;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The classes that {@code protoc} makes of the schema, against the codec written by hand. */
class SecondOpinionTest {
  static Stream<Vector> frames() {
    return GoldenVectorsTest.frames();
  }

  @ParameterizedTest
  @MethodSource("frames")
  void protocReadsTheSameInTheBinaryWire(Vector vector) throws InvalidProtocolBufferException {
    var frame = io.peerhub.protocol.wire.proto.Frame.parseFrom(vector.hex("binary"));

    assertThat(HexFormat.of().formatHex(frame.toByteArray())).isEqualTo(vector.text("binary"));
    assertThat(json(frame)).isEqualTo(vector.text("json"));
  }

  @Test
  void theTableOfFieldsIsThatOfTheSchema() {
    Set<String> declared = new TreeSet<>();
    Set<String> known = new TreeSet<>();
    for (FieldDescriptor kind : io.peerhub.protocol.wire.proto.Frame.getDescriptor().getFields()) {
      kind.getMessageType()
          .getFields()
          .forEach(field -> declared.add(line(kind.getNumber(), kind.getName(), field)));
    }
    for (Shape shape : Shape.values()) {
      if (shape.speaker != Shape.Speaker.NOBODY) {
        for (Field field : shape.fields) {
          known.add(
              "%d %s: %d %s %s %d"
                  .formatted(
                      shape.number,
                      shape.kind,
                      field.number(),
                      field.schemaName(),
                      field.name(),
                      field.type().wireType));
        }
      }
    }

    assertThat(known).isEqualTo(declared);
  }

  private static String line(int number, String kind, FieldDescriptor field) {
    return "%d %s: %d %s %s %d"
        .formatted(
            number,
            kind,
            field.getNumber(),
            field.getName(),
            field.getJsonName(),
            field.getLiteType().getWireType());
  }

  /** The proto3 mapping, with the two differences that the wire has: numbers, raw JSON. */
  private static String json(Message message) {
    assertThat(message.getUnknownFields().asMap()).isEmpty();
    return message.getDescriptorForType().getFields().stream()
        .filter(
            field ->
                field.isRepeated()
                    ? message.getRepeatedFieldCount(field) > 0
                    : message.hasField(field))
        .map(field -> quoted(field.getJsonName()) + ":" + json(field, message.getField(field)))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      return ((List<?>) value)
          .stream()
              .map(entry -> (MapEntry<?, ?>) entry)
              .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    }
    if (field.isRepeated()) {
      return ((List<?>) value)
          .stream().map(SecondOpinionTest::json).collect(Collectors.joining(",", "[", "]"));
    }
    return field.getName().equals("json") ? ((ByteString) value).toStringUtf8() : json(value);
  }

  private static String json(Object value) {
    return switch (value) {
      case Message message -> json(message);
      case ByteString bytes -> quoted(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case EnumValueDescriptor constant -> quoted(constant.getName());
      case String text -> quoted(text);
      default -> value.toString();
    };
  }

  private static String quoted(Object text) {
    StringBuilder quoted = new StringBuilder("\"");
    Map<Character, String> escapes =
        Map.of('"', "\\\"", '\\', "\\\\", '\n', "\\n", '\r', "\\r", '\t', "\\t");
    for (char c : text.toString().toCharArray()) {
      String plain = c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c);
      quoted.append(escapes.getOrDefault(c, plain));
    }
    return quoted.append('"').toString();
  }
}
