package io.peerhub.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The golden vectors in {@code src/test/resources/vectors}: arrays of flat objects. */
final class Vectors {
  private Vectors() {}

  /** One entry: its values are texts, numbers and lists of texts. */
  record Vector(Map<String, Object> fields) {
    boolean has(String field) {
      return fields.containsKey(field);
    }

    String text(String field) {
      return (String) fields.getOrDefault(field, "");
    }

    int number(String field) {
      return (Integer) fields.getOrDefault(field, 0);
    }

    byte[] hex(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    @SuppressWarnings("unchecked") // the reader below makes lists of texts alone
    List<byte[]> hexes(String field) {
      return ((List<String>) fields.get(field)).stream().map(HexFormat.of()::parseHex).toList();
    }

    String name() {
      return text("name");
    }

    boolean fromPeer() {
      return text("direction").equals("peer");
    }

    /** The bytes of the JSON form, which is given in hex where it is no text. */
    byte[] json() {
      return has("jsonHex") ? hex("jsonHex") : text("json").getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes to read, on whichever wire they are given. */
    byte[] input() {
      return has("binary") ? hex("binary") : json();
    }

    FrameCodec codec() {
      return has("binary") ? FrameCodec.binary() : FrameCodec.json();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static List<Vector> read(String file) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file);
        JsonParser parser = new JsonFactory().createParser(in)) {
      parser.nextToken();
      List<Vector> vectors = new ArrayList<>();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        vectors.add(vector(parser));
      }
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector vector(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      fields.put(
          name,
          switch (parser.nextToken()) {
            case VALUE_NUMBER_INT -> parser.getIntValue();
            case START_ARRAY -> texts(parser);
            default -> parser.getText();
          });
    }
    return new Vector(fields);
  }

  private static List<String> texts(JsonParser parser) throws IOException {
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(parser.getText());
    }
    return texts;
  }
}
