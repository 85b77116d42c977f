package io.peerhub.testing.hub;

import io.peerhub.launcher.Hub;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a node is started: Java with the class path of {@code hub-node} and the launcher's flags.
 *
 * <p>In the project's own tree that is what {@code ./hub up} runs: {@code target/hub-node.jar} with
 * {@code target/lib} beside it, and the cache that the launcher made of a rehearsed start, if it is
 * newer than both. In a user's project it is the class path of the tests, on which hub-node is.
 */
final class NodeProgram {
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+UseParallelGC",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dkryo.unsafe=false",
          "--enable-native-access=ALL-UNNAMED");

  private NodeProgram() {}

  /** The command that runs the launcher with these arguments. */
  static List<String> command(List<String> jvmOptions, List<String> arguments) throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(FLAGS);
    Path code = code();
    Path lib = code.resolveSibling("lib");
    boolean isTree = code.toString().endsWith(".jar") && Files.isDirectory(lib);
    if (isTree) {
      cache(code, lib, home).ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    }
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(isTree ? code + ":" + lib + "/*" : System.getProperty("java.class.path"));
    command.add(Hub.class.getName());
    command.addAll(arguments);
    return command;
  }

  /** The JVM takes a cache only for the very files that it was made from. */
  private static Optional<Path> cache(Path jar, Path lib, Path home) throws IOException {
    Path cache = jar.resolveSibling("hub-" + home.getFileName() + ".aot");
    if (!Files.exists(cache) || Files.size(cache) == 0) {
      return Optional.empty();
    }
    FileTime made = Files.getLastModifiedTime(cache);
    try (Stream<Path> files = Files.list(lib)) {
      for (Path file : Stream.concat(Stream.of(jar), files).toList()) {
        if (Files.getLastModifiedTime(file).compareTo(made) > 0) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(cache);
  }

  private static Path code() {
    try {
      return Path.of(Hub.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
