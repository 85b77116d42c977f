package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says about a cluster's server.
 *
 * <p>The file outlives a server that was killed or whose machine lost power, and its process id may
 * by then belong to somebody else: only a living process that is PostgreSQL and works in this very
 * directory counts ({@link #isAlive}). That its port answers, and to the password of this
 * directory, is proven by the first connection: SCRAM makes the server prove that it knows the
 * password too, so nobody else on that port can pass for it.
 */
record Postmaster(Path cluster, long pid, int port, boolean ready) {

  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /** Empty if there is no such file, or if it is just being written. */
  static Optional<Postmaster> of(Path cluster) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file(cluster));
      if (lines.size() <= PORT_LINE) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.get(PID_LINE).strip());
      int port = Integer.parseInt(lines.get(PORT_LINE).strip());
      boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
      return Optional.of(new Postmaster(cluster, pid, port, ready));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Path file(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  boolean isAlive() {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      return Files.readString(process.resolve("comm")).strip().equals("postgres")
          && Files.readSymbolicLink(process.resolve("cwd")).equals(cluster);
    } catch (IOException e) {
      // Gone, a zombie (it has no working directory), or of another user: not ours.
      return false;
    }
  }
}
