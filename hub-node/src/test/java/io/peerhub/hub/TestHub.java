package io.peerhub.hub;

import static io.peerhub.Patience.await;

import io.peerhub.telemetry.Ledger.Resource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Nodes for tests, on free ports of loopback. All of a test run share one embedded database, as
 * nodes of one machine do; what a test overrides is said in its own words.
 */
public final class TestHub implements AutoCloseable {
  /**
   * What ends by itself in a hub does so in no test, however slow the machine is, but where a test
   * says otherwise. Nor does a node take another one for dead: see {@link Severance}.
   */
  private static final Map<String, Object> PATIENT =
      Map.ofEntries(
          Map.entry("peerhub.connection.handshake-timeout", "1h"),
          Map.entry("peerhub.connection.tls.handshake-timeout", "1h"),
          Map.entry("peerhub.connection.not-reading-timeout", "1h"),
          Map.entry("peerhub.connection.close-timeout", "60s"),
          Map.entry("peerhub.session.heartbeat", "300s"),
          Map.entry("peerhub.session.resume-window", "1h"),
          Map.entry("peerhub.session.ack-timeout", "24h"),
          Map.entry("peerhub.session.live-ttl", "1h"),
          Map.entry("peerhub.session.attach-timeout", "12s"),
          Map.entry("peerhub.session.hand-over-timeout", "60s"),
          Map.entry("peerhub.routing.ask-count-max", 1000),
          Map.entry("peerhub.routing.fence-timeout", "1h"),
          Map.entry("peerhub.peer.roll-call-grace", "10s"),
          Map.entry("peerhub.http.request-timeout", "60s"),
          Map.entry("pekko.cluster.failure-detector.acceptable-heartbeat-pause", "1h"),
          Map.entry("pekko.remote.watch-failure-detector.acceptable-heartbeat-pause", "1h"));

  static final Path DATA = Path.of("target", "test-data", "hub-" + ProcessHandle.current().pid());

  private final HubNode node;

  private TestHub(HubNode node) {
    this.node = node;
  }

  /** One node with these settings (keys below {@code peerhub}, or whole keys of Pekko). */
  public static TestHub start(Map<String, ?> overrides) throws IOException {
    Files.createDirectories(DATA);
    Map<String, Object> all = new HashMap<>(PATIENT);
    all.put("peerhub.data", DATA.toAbsolutePath().toString());
    all.put("peerhub.connection.port", 0);
    all.put("peerhub.cluster.port", 0);
    all.put("peerhub.cluster.forming", "alone");
    all.put("peerhub.http.port", 0);
    all.putAll(overrides);
    return new TestHub(HubNode.start(HubConfig.load(all)));
  }

  public static TestHub start() throws IOException {
    return start(Map.of());
  }

  /** A node that joins this one, at another address of loopback. */
  public TestHub second(Map<String, ?> overrides) throws IOException {
    Map<String, Object> all = new HashMap<>(overrides);
    all.put("peerhub.cluster.host", "127.0.0.2");
    all.put("peerhub.connection.host", "127.0.0.2");
    all.put("peerhub.cluster.seed-nodes", java.util.List.of(node.clusterAddress()));
    return start(all);
  }

  public InetSocketAddress address() {
    return node.address();
  }

  public HubNode node() {
    return node;
  }

  /** How many nodes are up, as this one sees it. */
  public long upCount() {
    long count = 0;
    for (Member member : Cluster.get(node.system()).state().getMembers()) {
      count += member.status().equals(MemberStatus.up()) ? 1 : 0;
    }
    return count;
  }

  /** Waits until each of these sees all of them, and nobody else. */
  public static void awaitUp(TestHub... hubs) {
    eventually(() -> Stream.of(hubs).allMatch(hub -> hub.upCount() == hubs.length));
  }

  public long live(Resource resource) {
    return node.ledger().live(resource);
  }

  /** Waits until a condition holds, with a limit that only a broken hub reaches. */
  public static void eventually(java.util.concurrent.Callable<Boolean> condition) {
    await().pollInterval(Duration.ofMillis(5)).pollDelay(Duration.ZERO).until(condition);
  }

  @Override
  public void close() {
    node.close();
  }
}
