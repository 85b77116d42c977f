package io.peerhub.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.testing.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub as a user has it: {@code ./hub up}, on free ports. All of them, one after the other, use
 * one data directory: a database is founded once and started often.
 */
final class RunningHub implements AutoCloseable {
  /** The top of the tree. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  /** Their data, kept from one run of the tests to the next. */
  static final Path DATA = HOME.resolve("multi-jvm-tests/target/data");

  private static final AtomicInteger LAUNCHES = new AtomicInteger();

  private static final String LAUNCHER = HOME.resolve("hub").toString();

  static {
    // The build that runs these tests has just made the node: the launcher need not judge by times
    // of files, which a checkout sets anew.
    Path built = HOME.resolve("hub-node/target/hub-built");
    try {
      if (!Files.exists(built)) {
        Files.createFile(built);
      }
      Files.setLastModifiedTime(built, FileTime.from(Instant.now()));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private final Child child;

  private RunningHub(Child child) {
    this.child = child;
  }

  /** Starts a hub and waits until it is ready. */
  static RunningHub up(String... options) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("up", "--port=0", "--http-port=0", "--data=" + DATA));
    all.addAll(List.of(options));
    RunningHub hub = new RunningHub(launch(all.toArray(String[]::new)));
    try {
      hub.child.awaitText("PeerHub is ready.");
      hub.child.awaitText("database ");
      return hub;
    } catch (RuntimeException | Error failed) {
      hub.close();
      throw failed;
    }
  }

  /** Starts any command of the launcher. */
  static Child launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER));
    command.addAll(List.of(arguments));
    Path said = Files.createDirectories(HOME.resolve("multi-jvm-tests/target/processes"));
    String name = ProcessHandle.current().pid() + "-" + LAUNCHES.incrementAndGet();
    return Child.start(new Child.Place(said, name), command);
  }

  Child child() {
    return child;
  }

  /** Where peers connect, by the hub's own words. */
  int port() {
    return Integer.parseInt(found("peers +127\\.0\\.0\\.1:(\\d+)"));
  }

  String server() {
    return "--server=127.0.0.1:" + port();
  }

  /** The options by which its pages are found. */
  String[] pages(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.add("--http=127.0.0.1:" + found("HTTP +http://127\\.0\\.0\\.1:(\\d+)"));
    all.add("--token-file=" + DATA.resolve("admin.token"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** The process of the embedded database, if it runs. */
  Optional<ProcessHandle> database() throws IOException {
    Path pid = DATA.resolve("postgres/cluster/postmaster.pid");
    return Files.exists(pid)
        ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
        : Optional.empty();
  }

  @Override
  public void close() {
    child.close();
  }

  private String found(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(child.out());
    assertThat(matcher.find()).as(child.said()).isTrue();
    return matcher.group(1);
  }
}
