package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * PostgreSQL's data as the server finds it: founded once, configured at every start.
 *
 * <p>Founding makes one role, {@code peerhub}, which owns one database of that name and is no
 * superuser. Its password is generated; it goes to a file that only its owner can read, and to the
 * server through the standard input of a single-user backend, never on a command line. The
 * bootstrap superuser has no password and no line in {@code pg_hba.conf}, so nothing that reaches
 * the server over the network can become it.
 *
 * <p>A cluster that was not founded to the end, because the node was killed, is founded again.
 */
record Cluster(DataDirectory data, Programs programs) {

  static final String NAME = "peerhub";

  private static final int PASSWORD_BYTES = 32;

  void foundUnlessFounded() throws IOException {
    if (Files.isDirectory(data.cluster())) {
      return;
    }
    Path unfinished = data.unfinishedCluster();
    DataDirectory.deleteTree(unfinished);
    Files.createDirectory(unfinished);
    programs.user().give(unfinished);
    programs.run(
        "",
        "initdb",
        "--pgdata=" + unfinished,
        "--username=postgres",
        "--auth=reject",
        "--encoding=UTF8",
        "--no-locale");
    configure(unfinished, 0);
    createRole(unfinished, generatePassword());
    Files.move(unfinished, data.cluster(), StandardCopyOption.ATOMIC_MOVE);
    force(data.root());
  }

  /** Writes the server's settings, so that those of a newer hub hold for an older cluster too. */
  void configure(int port) throws IOException {
    configure(data.cluster(), port);
  }

  private void configure(Path cluster, int port) throws IOException {
    Files.writeString(
        cluster.resolve("postgresql.conf"),
        resource("postgresql.conf") + (port > 0 ? "port = " + port + "\n" : ""));
    Files.writeString(cluster.resolve("pg_hba.conf"), resource("pg_hba.conf"));
  }

  private void createRole(Path cluster, String password) throws IOException {
    programs.run(
        "create role %1$s login password '%2$s';\ncreate database %1$s owner %1$s;\n"
            .formatted(NAME, password),
        "postgres",
        "--single",
        "-D",
        cluster.toString(),
        "-c",
        "exit_on_error=on",
        "postgres");
  }

  private String generatePassword() throws IOException {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    DataDirectory.createPrivate(data.password());
    Files.writeString(data.password(), password);
    force(data.password());
    return password;
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = Cluster.class.getResourceAsStream(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A name or a content that a power cut cannot take back. */
  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
