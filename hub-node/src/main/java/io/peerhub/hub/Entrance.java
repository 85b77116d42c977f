package io.peerhub.hub;

import io.peerhub.identity.BackOff;
import io.peerhub.identity.Identities;
import io.peerhub.identity.IdentitySettings;
import io.peerhub.identity.IdentitySettings.Method;
import io.peerhub.identity.Judge;
import io.peerhub.identity.device.Contacts;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.identity.device.DeviceWatch;
import io.peerhub.identity.device.Devices;
import io.peerhub.identity.device.KeyVault;
import io.peerhub.identity.device.MasterKeys;
import io.peerhub.identity.proof.HmacProof;
import io.peerhub.identity.proof.KeyFile;
import io.peerhub.identity.proof.PasswordProof;
import io.peerhub.identity.proof.PasswordSettings;
import io.peerhub.identity.proof.ProofWorkers;
import io.peerhub.identity.proof.Proving;
import io.peerhub.identity.proof.TokenKeys;
import io.peerhub.identity.proof.TokenProof;
import io.peerhub.identity.proof.TokenSettings;
import io.peerhub.peer.Roster;
import io.peerhub.persistence.ChangeFeed;
import io.peerhub.persistence.Database;
import io.peerhub.persistence.DeviceRow;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of who may be whom: the devices of the store, what the node remembers of them, the
 * methods that are offered, and the door that sessions ask.
 *
 * <p>It begins before the database is there: who comes that early waits for it. What it has opened
 * it closes, before the database.
 */
final class Entrance implements AutoCloseable {
  private static final String MASTER_KEY = "HUB_MASTER_KEY";
  private static final Duration SAID_AGAIN = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final Executor WAITING = task -> Thread.ofVirtual().name("identity").start(task);

  private final IdentitySettings settings;
  private final HubSettings all;
  private final Meters meters;
  private final CompletableFuture<Database> database;
  private final Devices devices;
  private final DeviceWatch watch;
  private final Contacts contacts;
  private final Identities identities;
  private final AtomicLong unopenedSaid =
      new AtomicLong(System.nanoTime() - 2 * SAID_AGAIN.toNanos());
  private final Deque<ProofWorkers> opened = new ArrayDeque<>();
  private volatile ChangeFeed feed;

  private Entrance(HubSettings all, CompletableFuture<Database> database, Meters meters)
      throws IOException {
    this.settings = all.identity();
    this.all = all;
    this.meters = meters;
    this.database = database;
    this.devices =
        new Devices(
            identities -> database.join().devices().find(identities),
            settings.devices(),
            System::nanoTime,
            () -> feed != null && feed.isLive(),
            WAITING);
    this.watch = new DeviceWatch(store(), devices);
    this.identities = door();
    // Last: its thread would stay if a key could not be read.
    this.contacts =
        Contacts.start(
            batch ->
                database.join().deviceContacts().record(batch, settings.devices().seenSameFor()),
            settings.devices());
  }

  /**
   * @throws IOException if a key that is needed cannot be read; says which
   */
  static Entrance open(HubSettings all, CompletableFuture<Database> database, Meters meters)
      throws IOException {
    return new Entrance(all, database, meters);
  }

  /** The master key itself, where the environment has it. */
  static Optional<String> masterKeyOfEnvironment() {
    return Optional.ofNullable(System.getenv(MASTER_KEY)).filter(key -> !key.isBlank());
  }

  Identities identities() {
    return identities;
  }

  /** From now on changes of devices are heard, and sessions of who is shut out end. */
  void follow(Database ours, ActorRef<Roster.Command> roster) {
    watch.tell(shutOut -> roster.tell(new Roster.Expel(shutOut)));
    feed = ours.deviceChanges(watch);
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    contacts.close();
  }

  private Identities door() throws IOException {
    if (settings.isOpen()) {
      return Identities.open(watch::isShutOut);
    }
    Optional<KeyFile> file = keyFile();
    Map<String, Proving> methods = new HashMap<>();
    for (Method method : settings.methods()) {
      methods.put(method.word(), proving(method, file));
    }
    Judge judge =
        new Judge(
            devices,
            contact -> contacts.note(contact),
            new BackOff(settings.backOff(), System::nanoTime),
            settings.answerStep(),
            System::nanoTime,
            Clock.systemUTC());
    return Identities.proven(
        methods, judge, new Identities.Knowledge(known(file), watch::isShutOut));
  }

  private Optional<KeyFile> keyFile() throws IOException {
    return settings.keysFile().isEmpty()
        ? Optional.empty()
        : Optional.of(new KeyFile(settings.keysFile().get(), WAITING, System::nanoTime));
  }

  private Proving proving(Method method, Optional<KeyFile> file) throws IOException {
    return switch (method) {
      case HMAC ->
          file.isPresent() ? HmacProof.of(file.get()) : HmacProof.of(vault(all), this::sayUnopened);
      case PASSWORD -> {
        PasswordSettings cost = settings.passwords();
        ProofWorkers workers = workers("passwords", cost.workers(), cost.waitingMax());
        yield new PasswordProof(vault(all), cost, workers, this::sayUnopened);
      }
      case TOKEN -> {
        TokenSettings tokens = settings.tokens().orElseThrow();
        ProofWorkers workers = workers("tokens", tokens.workers(), tokens.waitingMax());
        TokenKeys keys = new TokenKeys(tokens.keysFile(), System::nanoTime);
        yield new TokenProof(keys, tokens, workers, Clock.systemUTC());
      }
    };
  }

  private ProofWorkers workers(String name, int count, int waitingMax) {
    ProofWorkers workers =
        new ProofWorkers(
            name, count, waitingMax, all.connection().handshake().timeout(), System::nanoTime);
    opened.push(workers);
    return workers;
  }

  private Predicate<Identity> known(Optional<KeyFile> file) {
    if (settings.isByFileAlone()) {
      return file.orElseThrow()::isKnown;
    }
    Predicate<Identity> inTheStore = devices::mayExist;
    return file.map(keys -> inTheStore.or(keys::isKnown)).orElse(inTheStore);
  }

  /** What an operator does to devices, by the database of this node. */
  DeviceDesk desk(Database ours) {
    return new DeviceDesk(ours, () -> vault(all));
  }

  /** Development makes a master key where there is none. */
  static KeyVault vault(HubSettings all) throws IOException {
    return new KeyVault(
        MasterKeys.find(
            masterKeyOfEnvironment(),
            all.identity().masterKeyFile(),
            all.mode() == HubSettings.Mode.DEVELOPMENT));
  }

  /** Strangers can make this happen as often as they like: it is counted, and said now and then. */
  private void sayUnopened(Identity identity) {
    meters.count(Meter.KEYS_UNOPENED);
    long now = System.nanoTime();
    long last = unopenedSaid.get();
    if (now - last > SAID_AGAIN.toNanos() && unopenedSaid.compareAndSet(last, now)) {
      LOG.error(
          "a key of {} does not open: its master key is missing, or it was made for another",
          identity);
    }
  }

  private DeviceWatch.Store store() {
    return new DeviceWatch.Store() {
      @Override
      public Optional<DeviceRow> find(Identity identity) throws SQLException {
        return database.join().devices().find(identity);
      }

      @Override
      public List<Identity> disabled(int limit) throws SQLException {
        return database.join().devices().disabled(limit);
      }
    };
  }
}
