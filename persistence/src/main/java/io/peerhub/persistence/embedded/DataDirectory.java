package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The files of one embedded database, each in one place.
 *
 * <pre>
 *   lock           held while a node joins or leaves
 *   users          held, shared, by every process that uses the server
 *   password       of the role "peerhub", readable by the owner only
 *   port           the port of last time, taken again if it is free
 *   cluster/       PostgreSQL's own data
 *   server.log     what the server says, quiet; moved to server.log.1 at a start past 1 MiB
 *   binaries/      PostgreSQL itself, unpacked once for each version
 * </pre>
 */
record DataDirectory(Path root) {

  static DataDirectory create(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path root = directory.toRealPath();
    permit(root, "rwx------");
    return new DataDirectory(root);
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path users() {
    return root.resolve("users");
  }

  Path password() {
    return root.resolve("password");
  }

  Path port() {
    return root.resolve("port");
  }

  Path cluster() {
    return root.resolve("cluster");
  }

  /** A cluster that is being founded: it gets its name when it is whole, so a half one is seen. */
  Path unfinishedCluster() {
    return root.resolve("cluster.unfinished");
  }

  Path log() {
    return root.resolve("server.log");
  }

  Path olderLog() {
    return root.resolve("server.log.1");
  }

  Path binaries() {
    return root.resolve("binaries");
  }

  /** Creates the file if it is missing; either way nobody but its owner can read it afterwards. */
  static void createPrivate(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      permit(file, "rw-------");
    }
  }

  static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
