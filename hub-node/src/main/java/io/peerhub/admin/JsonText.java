package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** One JSON text, written field by field. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** What is written between the braces. */
  interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private JsonText() {}

  static String object(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a string takes everything", impossible);
    }
    return text.append('\n').toString();
  }

  /** A number as people read it: two places, and no exponent. */
  static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
