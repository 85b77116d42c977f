package io.peerhub.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this is: version, commit, and the JDK that it runs on. */
@Command(name = "version", description = "Print version, commit and JDK.")
final class Version implements Runnable, IVersionProvider {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().println(line());
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  /** The version from the jar; the commit from {@code ./hub}, which has the tree at hand. */
  private static String line() {
    String version = Hub.class.getPackage().getImplementationVersion();
    return "PeerHub %s (%s), JDK %s"
        .formatted(
            version == null ? "unpacked" : version,
            System.getProperty("peerhub.commit", "commit unknown"),
            Runtime.version());
  }
}
