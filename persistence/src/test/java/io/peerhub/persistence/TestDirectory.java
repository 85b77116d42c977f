package io.peerhub.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data directories for tests that share one copy of the unpacked binaries, to start in no time. */
public final class TestDirectory {

  private static final Path BINARIES = Path.of("target", "postgresql").toAbsolutePath();

  private TestDirectory() {}

  public static Path within(Path temporary) throws IOException {
    Files.createDirectories(BINARIES);
    Path directory = Files.createDirectories(temporary.resolve("postgres"));
    Files.createSymbolicLink(directory.resolve("binaries"), BINARIES);
    return directory;
  }
}
