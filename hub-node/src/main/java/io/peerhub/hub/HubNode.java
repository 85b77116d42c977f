package io.peerhub.hub;

import com.typesafe.config.Config;
import io.peerhub.admin.AdminServer;
import io.peerhub.admin.AdminView;
import io.peerhub.connection.Loops;
import io.peerhub.identity.Identities;
import io.peerhub.identity.KeyFile;
import io.peerhub.peer.Roster;
import io.peerhub.persistence.Database;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the hub: from {@link #start} until {@link #close}.
 *
 * <p>{@code start} returns when peers can connect, or fails with everything closed again. {@code
 * close} tells every peer to go, waits for their sessions to end, leaves the cluster and stops the
 * embedded database if nobody else uses it; it may be called by any thread, and more than once.
 */
public final class HubNode implements AutoCloseable {
  /** The name of the actor system; nodes of one cluster share it. */
  public static final String SYSTEM = "peerhub";

  private static final Logger LOG = LoggerFactory.getLogger(HubNode.class);
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration DRAIN_MAX = Duration.ofSeconds(5);
  private static final Duration LEAVE_MAX = Duration.ofSeconds(15);

  private final HubSettings settings;
  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private final LatencySample latency = new LatencySample();
  // What has to be closed, the last opened first.
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private ActorSystem<Guardian.Command> system;
  private Guardian.Open open;
  private AdminServer admin;
  private volatile boolean draining;
  private boolean closed;

  private HubNode(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts a node.
   *
   * @param config all settings, as {@link HubConfig#load} gives them
   * @throws IllegalArgumentException if a setting is wrong or unsafe; says which
   * @throws IOException if the database, the port or the cluster is not to be had; says why
   */
  public static HubNode start(Config config) throws IOException {
    HubSettings settings = HubSettings.from(config);
    List<String> complaints = Safety.complaints(settings);
    if (!complaints.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", complaints));
    }
    HubNode node = new HubNode(settings);
    try {
      node.open(config);
      return node;
    } catch (IOException | RuntimeException failed) {
      node.close();
      throw failed;
    }
  }

  /** Runs a node with the settings of the environment until the process is told to end. */
  public static void main(String[] args) throws Exception {
    HubNode node = start(HubConfig.load(Map.of()));
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
    node.system().getWhenTerminated().toCompletableFuture().get();
  }

  private void open(Config config) throws IOException {
    // The database needs longest and nothing but a peer's first epoch needs it: beside the rest.
    CompletableFuture<Database> database =
        CompletableFuture.supplyAsync(() -> Database.open(settings.database()));
    opened.push(() -> database.thenAccept(Database::close).get());
    Loops loops = Loops.start(settings.connection().loops());
    opened.push(loops);
    CompletableFuture<Guardian.Open> ready = new CompletableFuture<>();
    Guardian.Foundation foundation =
        new Guardian.Foundation(
            settings,
            loops,
            identities(),
            () -> database.thenCompose(ready0 -> ready0.terms().next()),
            Clock.systemUTC(),
            meters,
            ledger,
            latency,
            ready);
    Config all = loops.config().withFallback(config);
    system = ActorSystem.create(Guardian.create(foundation), SYSTEM, all);
    opened.push(this::leave);
    Joining.join(system, settings.seedNodes());
    await(database, "the database");
    open = await(ready, "the cluster");
    admin = await(startAdmin(database.join()), "the HTTP port");
    opened.push(this::stopListening);
    LOG.info("node {} is open on {}", clusterAddress(), address());
  }

  private CompletableFuture<AdminServer> startAdmin(Database database) {
    Cluster cluster = Cluster.get(system);
    AdminView view =
        new AdminView(
            open.node(),
            meters,
            ledger,
            latency,
            open.roster(),
            new AdminView.Facts(
                () -> !draining,
                () -> cluster.selfMember().status().equals(MemberStatus.up()),
                () -> draining,
                () -> !database.terms().isAway()));
    return AdminServer.start(system, settings.admin(), view).toCompletableFuture();
  }

  private Identities identities() throws IOException {
    if (settings.keysFile().isEmpty()) {
      return Identities.open();
    }
    Path file = settings.keysFile().get();
    if (settings.mode() == HubSettings.Mode.PRODUCTION && KeyFile.isExposed(file)) {
      throw new IllegalArgumentException(
          "every account of this machine can get at the keys: chmod 600 " + file);
    }
    return Identities.keyed(
        new KeyFile(file, task -> Thread.ofVirtual().name("keys").start(task), System::nanoTime));
  }

  private static <T> T await(CompletableFuture<T> stage, String what) throws IOException {
    try {
      return stage.get(START_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(what + ": " + failed.getCause().getMessage(), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException(what + " did not come within " + START_MAX.toSeconds() + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + what, interrupted);
    }
  }

  /** Where peers connect. */
  public InetSocketAddress address() {
    return open.listener().address();
  }

  /** Where the HTTP door is. */
  public InetSocketAddress httpAddress() {
    return admin.address();
  }

  /** How other nodes reach this one, as {@code pekko://peerhub@HOST:PORT}. */
  public String clusterAddress() {
    return Joining.addressOf(system);
  }

  public Meters meters() {
    return meters;
  }

  public Ledger ledger() {
    return ledger;
  }

  public HubSettings settings() {
    return settings;
  }

  /** The actors, for tests and for the parts that are started beside them. */
  public ActorSystem<Guardian.Command> system() {
    return system;
  }

  /** Who sits on this node. */
  public ActorRef<Roster.Command> roster() {
    return open.roster();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failed) {
        LOG.error("could not close everything: {}", failed.toString());
      }
    }
  }

  /** Sends the peers away; the HTTP door stays until they are gone, and says so meanwhile. */
  private void stopListening() throws Exception {
    draining = true;
    system.tell(new Guardian.Drain());
    waitForSessions();
    admin.stop().toCompletableFuture().get(LEAVE_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private void leave() throws Exception {
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.actorSystemTerminateReason())
        .toCompletableFuture()
        .get(LEAVE_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private void waitForSessions() throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_MAX.toNanos();
    while (ledger.live(Resource.SESSION) > 0 && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
