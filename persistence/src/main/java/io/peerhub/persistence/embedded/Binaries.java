package io.peerhub.persistence.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked from the class path (zonky's archives) once for each version.
 *
 * <p>Unpacking takes about two seconds and 60 MB, so the result is kept: a later start looks for
 * one directory and reads nothing else. The directory gets its name when it is whole, hence a node
 * that is killed while it unpacks leaves nothing that looks usable.
 */
record Binaries(Path directory) {

  /** Part of the directory's name: the version of the archives that the pom brings. */
  static final String VERSION = "18.4.0";

  static Binaries unpackedUnder(Path parent) throws IOException {
    Path directory = parent.resolve("postgresql-" + VERSION);
    if (!Files.isDirectory(directory)) {
      unpack(archive(), directory);
    }
    return new Binaries(directory);
  }

  String program(String name) {
    return directory.resolve("bin").resolve(name).toString();
  }

  private static String archive() throws IOException {
    String machine = System.getProperty("os.arch");
    return switch (machine) {
      case "amd64", "x86_64" -> "/postgres-linux-x86_64.txz";
      case "aarch64" -> "/postgres-linux-arm_64.txz";
      default ->
          throw new IOException(
              "no embedded PostgreSQL for " + machine + ": set HUB_DB_URL to a server's JDBC URL");
    };
  }

  private static void unpack(String archive, Path directory) throws IOException {
    Path unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
    DataDirectory.deleteTree(unfinished);
    createDirectory(unfinished);
    try (InputStream resource = Binaries.class.getResourceAsStream(archive)) {
      if (resource == null) {
        throw new IOException("the class path has no " + archive);
      }
      InputStream tar = new XZInputStream(new BufferedInputStream(resource));
      unpack(new TarArchiveInputStream(tar), unfinished);
    }
    Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path path = into.resolve(entry.getName()).normalize();
      if (!path.startsWith(into)) {
        throw new IOException("the archive leaves its directory: " + entry.getName());
      }
      createDirectory(entry.isDirectory() ? path : path.getParent());
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      } else if (entry.isFile()) {
        Files.copy(tar, path);
        // Readable by all whatever the umask: the server may run as another user (ServerUser).
        DataDirectory.permit(path, (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
      }
    }
  }

  private static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      DataDirectory.permit(directory, "rwxr-xr-x");
    }
  }
}
