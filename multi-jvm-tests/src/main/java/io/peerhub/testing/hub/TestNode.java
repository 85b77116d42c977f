package io.peerhub.testing.hub;

import io.peerhub.testing.process.Child;
import io.peerhub.testing.process.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of a hub in a JVM of its own, as {@code ./hub up} runs it, in the hands of a test.
 *
 * <p>Guaranteed: a node that is there takes peers; it keeps its ports and its data from one start
 * to the next; {@link #close} or the end of the test's JVM ends it, frozen or not. One thread at a
 * time.
 */
public final class TestNode implements AutoCloseable {
  private static final Pattern PEERS = Pattern.compile("peers +([0-9.]+):(\\d+)");
  private static final Pattern HTTP = Pattern.compile("HTTP +http://([0-9.]+):(\\d+)");

  private final Path directory;
  private final String name;
  private final NodeSettings settings;
  private Child child;
  private int starts;
  private InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
  private InetSocketAddress http = new InetSocketAddress("127.0.0.1", 0);

  private TestNode(Path directory, String name, NodeSettings settings) {
    this.directory = directory;
    this.name = name;
    this.settings = settings;
  }

  /**
   * Starts a node and waits until peers can connect.
   *
   * @param directory for its data and for what it says: {@code name-1.out} of its first start
   */
  public static TestNode start(Path directory, String name, NodeSettings settings)
      throws IOException {
    TestNode node = new TestNode(directory, name, settings);
    node.start();
    return node;
  }

  /** Starts it again after its end; at the same ports. */
  public void start() throws IOException {
    begin();
    awaitReady();
  }

  /** The first half of {@link #start()}, for a start that something happens to. */
  public void begin() throws IOException {
    if (child != null && child.isAlive()) {
      throw new IllegalStateException(name + " runs");
    }
    List<String> arguments = new ArrayList<>(List.of("up"));
    Path data = Files.createDirectories(directory.resolve(name + "-data"));
    arguments.add("--data=" + data);
    arguments.addAll(settings.arguments(address.getPort(), http.getPort()));
    starts++;
    child =
        Child.start(
            new Child.Place(directory, name + "-" + starts),
            NodeProgram.command(settings.jvmOptions(), arguments),
            settings.environment());
  }

  /** The second half: returns when peers can connect. */
  public void awaitReady() {
    try {
      // The last of its lines that names an address.
      child.awaitText("  cluster   pekko://");
      address = found(PEERS);
      http = found(HTTP);
    } catch (AssertionError | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /** Ends it as a power cut of its machine would, and waits for that. */
  public void kill() throws InterruptedException {
    child.kill();
  }

  /** Tells it to end in order, and waits for that; its exit code. */
  public int terminate() throws IOException, InterruptedException {
    child.signal(Signal.TERM);
    return child.awaitEnd();
  }

  /** Freezes it where it is: its sockets stay open, and it neither reads nor answers. */
  public void freeze() throws IOException {
    child.signal(Signal.STOP);
  }

  public void thaw() throws IOException {
    child.signal(Signal.CONT);
  }

  public boolean isAlive() {
    return child.isAlive();
  }

  /** Where peers connect; the same after every start. */
  public InetSocketAddress address() {
    return address;
  }

  /** The same as a client takes it. */
  public String server() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** A page of its HTTP door. */
  public URI page(String path) {
    return URI.create("http://" + http.getAddress().getHostAddress() + ":" + http.getPort() + path);
  }

  /** What pages that are not for everybody ask for. */
  public String adminToken() throws IOException {
    return Files.readString(directory.resolve(name + "-data").resolve("admin.token")).strip();
  }

  /** The process of the last start. */
  public Child child() {
    return child;
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
    }
  }

  private InetSocketAddress found(Pattern pattern) {
    Matcher matcher = pattern.matcher(child.out());
    if (!matcher.find()) {
      throw new AssertionError(name + " names no address; " + child.said());
    }
    return new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }
}
