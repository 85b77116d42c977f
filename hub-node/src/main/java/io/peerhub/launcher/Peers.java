package io.peerhub.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who is connected to a node. */
@Command(
    name = "peers",
    description = "Print who is connected to a node.",
    mixinStandardHelpOptions = true)
final class Peers implements Runnable {
  private static final String ROW = "%-32s %-20s %-16s %s%n";

  @Spec private CommandSpec spec;
  @Mixin private AdminPages pages;

  @Option(names = "--json", description = "one JSON object for each page, as the node gives it")
  private boolean isJson;

  private record Page(List<Map<String, String>> peers, String total, String next) {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (!isJson) {
      out.printf(ROW, "PEER", "SINCE", "EPOCH", "WIRE");
    }
    String after = "";
    do {
      String json = pages.read("/peers" + after);
      Page page = parse(json);
      if (isJson) {
        out.println(json);
      } else {
        page.peers().forEach(peer -> row(out, peer));
      }
      // An identity has no character that a query would have to escape.
      after = page.next() == null ? "" : "?after=" + page.next();
    } while (!after.isEmpty());
  }

  private static void row(PrintWriter out, Map<String, String> peer) {
    Instant since = Instant.ofEpochMilli(Long.parseLong(peer.get("since")));
    out.printf(
        ROW,
        peer.get("identity"),
        since.truncatedTo(ChronoUnit.SECONDS),
        peer.get("epoch"),
        Printable.of(peer.get("wire")));
  }

  private static Page parse(String json) {
    List<Map<String, String>> peers = new ArrayList<>();
    String total = "";
    String next = null;
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "peers" -> {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
              peers.add(peer(parser));
            }
          }
          case "total" -> total = parser.getText();
          case "next" -> next = value == JsonToken.VALUE_NULL ? null : parser.getText();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException malformed) {
      throw Failure.failed("the node's answer cannot be read", malformed);
    }
    return new Page(peers, total, next);
  }

  private static Map<String, String> peer(JsonParser parser) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      fields.put(field, parser.getText());
    }
    return fields;
  }
}
