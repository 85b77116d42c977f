package io.peerhub.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page of a node for people: a line for each field, a table for each list. In the node's own
 * order, whatever is there: a newer node may have more.
 */
final class Rows {
  private final PrintWriter out;

  private Rows(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints a page.
   *
   * @return the page's {@code next}; null if it names none
   */
  static String print(String page, PrintWriter out) {
    try (JsonParser parser = new JsonFactory().createParser(page)) {
      parser.nextToken();
      return new Rows(out).fields(parser, "");
    } catch (IOException malformed) {
      throw Failure.failed("the node's answer cannot be read", malformed);
    }
  }

  private String fields(JsonParser parser, String group) throws IOException {
    String next = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = group + parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        fields(parser, name + ".");
      } else if (value == JsonToken.START_ARRAY) {
        table(parser);
      } else if (name.equals("next")) {
        next = value == JsonToken.VALUE_NULL ? null : parser.getText();
      } else {
        out.printf("%-32s %s%n", name, text(parser));
      }
    }
    return next;
  }

  private void table(JsonParser parser) throws IOException {
    List<Map<String, String>> lines = new ArrayList<>();
    Map<String, Integer> widths = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      Map<String, String> line = line(parser);
      line.forEach(
          (key, cell) -> widths.merge(key, Math.max(key.length(), cell.length()), Math::max));
      lines.add(line);
    }
    StringBuilder head = new StringBuilder();
    widths.forEach((key, width) -> append(head, key, width));
    if (!lines.isEmpty()) {
      out.println(head.toString().stripTrailing());
    }
    for (Map<String, String> line : lines) {
      StringBuilder row = new StringBuilder();
      widths.forEach((key, width) -> append(row, line.getOrDefault(key, "-"), width));
      out.println(row.toString().stripTrailing());
    }
  }

  private static void append(StringBuilder row, String cell, int width) {
    row.append(cell).repeat(' ', width - cell.length() + 2);
  }

  private static Map<String, String> line(JsonParser parser) throws IOException {
    Map<String, String> line = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          cells.add(text(parser));
        }
        line.put(field, String.join(",", cells));
      } else {
        line.put(field, text(parser));
      }
    }
    return line;
  }

  private static String text(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? "-" : Printable.of(parser.getText());
  }
}
