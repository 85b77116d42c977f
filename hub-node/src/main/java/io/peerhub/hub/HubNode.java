package io.peerhub.hub;

import com.typesafe.config.Config;
import io.peerhub.admin.AdminServer;
import io.peerhub.admin.AdminView;
import io.peerhub.cluster.FormingSettings;
import io.peerhub.cluster.LeaseAccess;
import io.peerhub.connection.Loops;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.mailbox.MailStore;
import io.peerhub.mailbox.MailboxSettings;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Rosters;
import io.peerhub.persistence.Database;
import io.peerhub.persistence.journal.Journal;
import io.peerhub.persistence.journal.JournalReader;
import io.peerhub.persistence.journal.JournalRing;
import io.peerhub.persistence.rendezvous.Rendezvous;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.net.InetSocketAddress;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
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
  private final Levels levels = new Levels(System::nanoTime);
  private final LatencySample latency = new LatencySample();
  // What has to be closed, the last opened first.
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private ActorSystem<Guardian.Command> system;
  private Guardian.Open open;
  private AdminServer admin;
  private DeviceDesk devices;
  private Rendezvous rendezvous;
  private final AtomicBoolean drained = new AtomicBoolean();
  private volatile boolean draining;
  private volatile boolean expelled;
  private boolean closed;

  private HubNode(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts a node.
   *
   * @param config all settings, as {@link HubConfig#load} gives them
   * @throws IllegalArgumentException if a setting is wrong; says which
   * @throws UnsafeSettings if settings that are right are not safe; says all that is wrong
   * @throws IOException if the database, the port or the cluster is not to be had; says why
   */
  public static HubNode start(Config config) throws IOException {
    HubSettings settings = HubSettings.from(config);
    List<String> complaints = Safety.complaints(settings, Circumstances.of(settings));
    if (!complaints.isEmpty()) {
      throw new UnsafeSettings(complaints);
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
    // After the actors and before the database: a node is entered there until it has left.
    opened.push(this::strikeOut);
    Loops loops = Loops.start(settings.connection().loops());
    opened.push(loops);
    Entrance entrance = Entrance.open(settings, database, meters);
    CompletableFuture<MailStore> store = database.thenApply(this::openStore);
    opened.push(() -> store.thenAccept(mail -> mail.journal().close()).get());
    opened.push(entrance);
    CompletableFuture<Guardian.Open> ready = new CompletableFuture<>();
    Guardian.Foundation foundation =
        new Guardian.Foundation(
            settings,
            loops,
            entrance.identities(),
            () -> database.thenCompose(ready0 -> ready0.terms().next()),
            Clock.systemUTC(),
            meters,
            ledger,
            levels,
            latency,
            store,
            ready);
    Config all =
        loops.config().withFallback(Joining.deciding(settings.forming())).withFallback(config);
    system = ActorSystem.create(Guardian.create(foundation), SYSTEM, all);
    opened.push(this::leave);
    Database ours = join(database);
    ledger.follow(Resource.JDBC_CONNECTION, ours::openedConnections, ours::liveConnections);
    open = await(ready, "the cluster");
    entrance.follow(ours, open.roster());
    devices = entrance.desk(ours);
    admin = await(startAdmin(ours), "the HTTP port");
    opened.push(this::stopListening);
    LOG.info("node {} is open on {}", clusterAddress(), address());
  }

  private MailStore openStore(Database database) {
    MailboxSettings mailbox = settings.mailbox();
    Journal journal = new Journal(database.connections(), mailbox.writers());
    return new MailStore(
        journal,
        new JournalReader(database.connections()),
        new JournalRing(
            database.connections(), journal, mailbox.historyFor(), mailbox.historyMaxBytes()));
  }

  /** The database is waited for before others are looked for in it, and beside everything else. */
  private Database join(CompletableFuture<Database> database) throws IOException {
    return switch (settings.forming()) {
      case FormingSettings.Alone ignored -> {
        Joining.alone(system);
        system.tell(new Guardian.OpenWhenUp());
        yield await(database, "the database");
      }
      case FormingSettings.BySeedNodes seeds -> {
        Joining.seeds(system, seeds.addresses());
        system.tell(new Guardian.OpenWhenUp());
        yield await(database, "the database");
      }
      case FormingSettings.ByDatabase byDatabase -> {
        Database ours = await(database, "the database");
        rendezvous = ours.rendezvous(release());
        LeaseAccess.of(Adapter.toClassic(system)).open(ours.leases(byDatabase.silent()));
        CompletableFuture<String> expelled = new CompletableFuture<>();
        expelled.thenAcceptAsync(this::end, task -> Thread.ofPlatform().name("end").start(task));
        system.tell(new Guardian.Form(rendezvous, byDatabase, expelled));
        yield ours;
      }
    };
  }

  private void end(String reason) {
    LOG.error("this node ends: {}", reason);
    expelled = true;
    close();
  }

  private void strikeOut() {
    if (rendezvous != null) {
      rendezvous.close();
    }
  }

  private static String release() {
    String version = HubNode.class.getPackage().getImplementationVersion();
    return version == null ? "unpacked" : version;
  }

  private CompletableFuture<AdminServer> startAdmin(Database database) {
    Cluster cluster = Cluster.get(system);
    AdminView view =
        new AdminView(
            open.node(),
            meters,
            ledger,
            levels,
            latency,
            new AdminView.Cluster(
                new Rosters(system)::reachable, open.peers(), open.rooms(), this::drain),
            () -> devices,
            new AdminView.Facts(
                () -> !draining,
                () -> cluster.selfMember().status().equals(MemberStatus.up()),
                () -> draining,
                () -> !database.terms().isAway()));
    return AdminServer.start(system, settings.admin(), view).toCompletableFuture();
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

  /** What an operator does to devices; waits for the database. */
  public DeviceDesk devices() {
    return devices;
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

  /**
   * The port closes and the peers are sent away, as before the end of the node, which stays: its
   * pages say that it is not ready, and whoever has drained it ends it.
   */
  private void drain() {
    if (!drained.getAndSet(true)) {
      draining = true;
      system.tell(new Guardian.Drain());
    }
  }

  /** Sends the peers away; the HTTP door stays until they are gone, and says so meanwhile. */
  private void stopListening() throws Exception {
    draining = true;
    if (isEnding()) {
      return; // By a fault: whoever would send the peers away is gone, and the door with it.
    }
    drain();
    waitForSessions();
    admin.stop().toCompletableFuture().get(LEAVE_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private void leave() throws Exception {
    if (expelled) {
      // Nobody is there to be left in order: those of its old cluster end too.
      Cluster cluster = Cluster.get(system);
      cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
    if (!isEnding()) {
      CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
    }
    system.getWhenTerminated().toCompletableFuture().get(LEAVE_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private boolean isEnding() {
    return CoordinatedShutdown.get(system).getShutdownReason().isPresent();
  }

  private void waitForSessions() throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_MAX.toNanos();
    while (ledger.live(Resource.SESSION) > 0 && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
