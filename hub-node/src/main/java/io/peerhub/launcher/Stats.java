package io.peerhub.launcher;

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
    Rows.print(json, out);
  }
}
