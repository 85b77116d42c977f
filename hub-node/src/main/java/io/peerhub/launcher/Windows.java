package io.peerhub.launcher;

import io.peerhub.protocol.Identity;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that print one page of a node as it is. */
final class Windows {
  private Windows() {}

  /** One peer. */
  @Command(
      name = "peer",
      description = "Print where a peer is, on whichever node of the hub.",
      mixinStandardHelpOptions = true)
  static final class OnePeer implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private AdminPages pages;
    @Mixin private Shape shape;

    @Parameters(paramLabel = "IDENTITY", description = "NAME or NAME/DEVICE")
    private String identity;

    @Override
    public void run() {
      if (!Identity.isValid(identity)) {
        throw new ParameterException(spec.commandLine(), "no identity: " + identity);
      }
      shape.print(pages.read("/peers/" + identity), spec.commandLine().getOut());
    }
  }

  /** What is open on a node. */
  @Command(
      name = "resources",
      description = "Print what is open on a node, whose it is, and how full its stores are.",
      mixinStandardHelpOptions = true)
  static final class Resources implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private AdminPages pages;
    @Mixin private Shape shape;

    @Override
    public void run() {
      shape.print(pages.read("/resources"), spec.commandLine().getOut());
    }
  }

  /** The rooms of a node. */
  @Command(
      name = "rooms",
      description = "Print the rooms that a node keeps, and how many are in each.",
      mixinStandardHelpOptions = true)
  static final class Rooms implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private AdminPages pages;
    @Mixin private Shape shape;

    @Override
    public void run() {
      String next = "";
      while (next != null) {
        String after =
            next.isEmpty() ? "" : "?after=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        next = shape.print(pages.read("/rooms" + after), spec.commandLine().getOut());
      }
    }
  }

  /** For whom it is printed. */
  static final class Shape {
    @Option(names = "--json", description = "the JSON object of each page, as the node gives it")
    private boolean isJson;

    /** Prints a page, and says behind what the next one begins; null if this is the last. */
    String print(String page, PrintWriter out) {
      if (!isJson) {
        return Rows.print(page, out);
      }
      out.println(page);
      return Rows.print(page, new PrintWriter(Writer.nullWriter()));
    }
  }
}
