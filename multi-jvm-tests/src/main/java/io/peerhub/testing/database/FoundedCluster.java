package io.peerhub.testing.database;

import static io.peerhub.testing.process.Patience.PATIENCE;

import io.peerhub.persistence.embedded.OwnServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A founded cluster that every test database begins as a copy of, and one copy of the programs that
 * all run: founding and unpacking take seconds and are the same each time.
 *
 * <p>It lies in {@code target/postgres-for-tests} of the module whose tests run, is made by whoever
 * comes first, and gets its name when it is whole. Processes wait for each other by a lock on a
 * file, threads by the class's.
 */
final class FoundedCluster {
  private static final Path HOME = Path.of("target", "postgres-for-tests").toAbsolutePath();
  private static final Path FOUNDED = HOME.resolve("founded");

  private FoundedCluster() {}

  static synchronized void copyTo(Path directory) throws IOException {
    Files.createDirectories(HOME);
    try (FileChannel channel =
            FileChannel.open(
                HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (!Files.isDirectory(FOUNDED)) {
        found();
      }
    }
    Files.createDirectories(directory);
    Files.createSymbolicLink(directory.resolve("binaries"), FOUNDED.resolve("binaries"));
    for (String part : List.of("cluster", "password")) {
      run("cp", "-a", FOUNDED.resolve(part).toString(), directory.toString());
    }
  }

  private static void found() throws IOException {
    Path unfinished = HOME.resolve("unfinished");
    run("rm", "-rf", unfinished.toString());
    OwnServer server = OwnServer.of(unfinished);
    server.start();
    server.stop(OwnServer.Stop.FAST, PATIENCE);
    Files.move(unfinished, FOUNDED, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void run(String... command) throws IOException {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + code);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(String.join(" ", command));
    }
  }
}
