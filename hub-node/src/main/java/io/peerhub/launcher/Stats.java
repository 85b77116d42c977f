package io.peerhub.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A node in a few numbers. */
@Command(
    name = "stats",
    description = "Print a node's numbers; rates are those of the last ten seconds.",
    mixinStandardHelpOptions = true)
final class Stats implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private AdminPages pages;

  @Option(names = "--json", description = "the JSON object that the node gives")
  private boolean isJson;

  @Override
  public void run() {
    String json = pages.read("/stats");
    PrintWriter out = spec.commandLine().getOut();
    if (isJson) {
      out.println(json);
      return;
    }
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      rows(parser, "", out);
    } catch (IOException malformed) {
      throw Failure.failed("the node's answer cannot be read", malformed);
    }
  }

  /** Whatever numbers a node has, in its own order: a newer one may have more. */
  private static void rows(JsonParser parser, String group, PrintWriter out) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = group + parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT) {
        rows(parser, name + ".", out);
      } else {
        String text = value == JsonToken.VALUE_NULL ? "-" : Printable.of(parser.getText());
        out.printf("%-32s %s%n", name, text);
      }
    }
  }
}
