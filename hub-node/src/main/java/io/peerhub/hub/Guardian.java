package io.peerhub.hub;

import io.peerhub.cluster.Doors;
import io.peerhub.cluster.FormingSettings.ByDatabase;
import io.peerhub.cluster.Membership;
import io.peerhub.cluster.Neighbours;
import io.peerhub.connection.Listener;
import io.peerhub.connection.Loops;
import io.peerhub.delivery.Budget;
import io.peerhub.hub.crossing.CrossingLinkCodec;
import io.peerhub.identity.Identities;
import io.peerhub.identity.Permissions;
import io.peerhub.mailbox.MailRounds;
import io.peerhub.mailbox.MailStore;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.mailbox.MailboxAccess;
import io.peerhub.mailbox.MailboxCollaborators;
import io.peerhub.peer.Peer;
import io.peerhub.peer.PeerCollaborators;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Rosters;
import io.peerhub.persistence.rendezvous.Rendezvous;
import io.peerhub.room.Room;
import io.peerhub.room.RoomCensus;
import io.peerhub.room.RoomCollaborators;
import io.peerhub.routing.DeadLetterDesk;
import io.peerhub.routing.HallKeeper;
import io.peerhub.routing.Halls;
import io.peerhub.routing.Router;
import io.peerhub.routing.Routes;
import io.peerhub.routing.RoutingParts;
import io.peerhub.session.Backlogs;
import io.peerhub.session.LatencyProbe;
import io.peerhub.session.Sessions;
import io.peerhub.session.Surroundings;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Levels;
import io.peerhub.telemetry.Levels.Store;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Sweep;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The root of a node's actors: wires the parts in the order in which they need each other. */
public final class Guardian {
  /** What the root hears. */
  public sealed interface Command {}

  /** The port closes, and every session says goodbye. */
  public record Drain() implements Command {}

  /**
   * The node belongs to the cluster on its database, through this, or will not open.
   *
   * @param expelled is completed with the reason if it does not belong there any more
   */
  record Form(Rendezvous rendezvous, ByDatabase settings, CompletableFuture<String> expelled)
      implements Command {}

  /** The node is one of the seeds' cluster, or a cluster of its own: it opens once it is up. */
  record OpenWhenUp() implements Command {}

  private record Up() implements Command {}

  /**
   * What the actors stand on.
   *
   * @param terms gives a peer's actor its term
   * @param store where mailboxes are written, once the database is there
   * @param opened is completed with the listener, or with why there is none
   */
  record Foundation(
      HubSettings settings,
      Loops loops,
      Identities identities,
      Supplier<CompletionStage<Long>> terms,
      Clock clock,
      Meters meters,
      Ledger ledger,
      Levels levels,
      LatencySample latency,
      CompletableFuture<MailStore> store,
      CompletableFuture<Open> opened) {}

  /** The node is open. */
  record Open(
      String node,
      Listener listener,
      ActorRef<Roster.Command> roster,
      ActorRef<Peer.Command> peers,
      RoomCensus rooms) {}

  private static final Logger LOG = LoggerFactory.getLogger(Guardian.class);

  /** How long what is about to be closed has for it before it counts as forgotten. */
  private static final Duration SWEEP_SETTLE = Duration.ofSeconds(2);

  private final ActorContext<Command> context;
  private final Foundation on;
  private final String node;
  private final Rosters rosters;
  private final Permissions permissions;
  private ActorRef<Roster.Command> roster;
  private ActorRef<Peer.Command> peers;
  private final RoomCensus census = new RoomCensus();
  private final List<ActorRef<Sessions.Command>> sessions = new ArrayList<>();
  private final List<Routes> routes = new ArrayList<>();
  private final List<Halls> halls = new ArrayList<>();
  private final Neighbours neighbours = new Neighbours();
  private ActorRef<Doors.Command> doors;
  private Listener listener;

  private Guardian(ActorContext<Command> context, Foundation on) {
    this.context = context;
    this.on = on;
    this.rosters = new Rosters(context.getSystem());
    this.permissions = new Permissions(on.settings().permissions());
    String address = Cluster.get(context.getSystem()).selfMember().address().hostPort();
    this.node =
        on.settings().nodeName().isEmpty()
            ? address.substring(address.indexOf('@') + 1)
            : on.settings().nodeName();
  }

  static Behavior<Command> create(Foundation on) {
    return Behaviors.setup(context -> new Guardian(context, on).wire());
  }

  private Behavior<Command> wire() {
    roster = context.spawn(Roster.create(node), Roster.NAME);
    peers = peers();
    RoutingParts routing = routing(peers);
    Budget waiting = new Budget(on.settings().queueBytes());
    on.levels().register(Store.LIVE_QUEUES, waiting::used, waiting.maxBytes());
    for (int loop = 0; loop < on.loops().count(); loop++) {
      routes.add(Router.start(context, loop, routing));
      halls.add(HallKeeper.start(context, loop, routes.get(loop), on.settings().halls()));
    }
    ActorRef<Room.Command> rooms = rooms(routing.crossings());
    halls.forEach(hall -> hall.open(rooms));
    MailboxAccess mail = mailboxes();
    context.spawn(
        DeadLetterDesk.create(routes.getFirst(), on.meters(), new LateLetters()), "dead-letters");
    for (int loop = 0; loop < on.loops().count(); loop++) {
      Surroundings with = surroundings(loop, peers, waiting, mail);
      sessions.add(
          context.spawn(Sessions.create(with), "sessions-" + loop, on.loops().dispatcher(loop)));
    }
    Sweep sweep = new Sweep(on.ledger(), on.meters());
    context.spawn(Sweeper.create(sweep, on.settings().sweepRhythm(), SWEEP_SETTLE), "sweeper");
    // What everybody stands on is not started anew behind their backs.
    context.watch(roster);
    sessions.forEach(context::watch);
    doors = context.spawn(Doors.create(neighbours), Doors.NAME);
    return Behaviors.receive(Command.class)
        .onMessage(OpenWhenUp.class, ignored -> openWhenUp())
        .onMessage(Form.class, this::form)
        .onMessage(Up.class, ignored -> open())
        .onMessage(Drain.class, ignored -> drain())
        .onSignal(Terminated.class, gone -> endWith(gone.getRef()))
        .onSignal(PostStop.class, ignored -> close())
        .build();
  }

  private Behavior<Command> endWith(ActorRef<?> gone) {
    LOG.error("this node ends: {} has failed, see above", gone.path().name());
    return Behaviors.stopped();
  }

  private Behavior<Command> openWhenUp() {
    ActorRef<SelfUp> up = context.messageAdapter(SelfUp.class, ignored -> new Up());
    Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(up, SelfUp.class));
    return Behaviors.same();
  }

  /** Without it nobody says that this node is there, and others may found a cluster beside it. */
  private Behavior<Command> form(Form form) {
    ActorRef<Membership.Outcome> outcomes =
        context.spawn(
            Behaviors.receiveMessage(
                outcome -> {
                  switch (outcome) {
                    case Membership.Admitted ignored -> context.getSelf().tell(new Up());
                    case Membership.Expelled expelled -> form.expelled().complete(expelled.why());
                  }
                  return Behaviors.same();
                }),
            "membership-outcomes");
    context.watch(
        context.spawn(
            Membership.create(form.rendezvous(), form.settings(), outcomes), "membership"));
    return Behaviors.same();
  }

  private ActorRef<Peer.Command> peers() {
    PeerCollaborators with =
        new PeerCollaborators(
            on.settings().peer(),
            rosters::reachable,
            on.terms(),
            on.clock(),
            on.meters(),
            on.ledger());
    return PeerSharding.init(context.getSystem(), on.settings().shards(), with);
  }

  /** What they say to other nodes goes by the links of the first loop. */
  private ActorRef<Room.Command> rooms(Budget crossings) {
    RoomCollaborators with =
        new RoomCollaborators(
            on.settings().room(),
            on.terms(),
            crossings,
            halls.getFirst()::relay,
            census,
            System::nanoTime,
            on.clock(),
            on.meters(),
            on.ledger());
    return RoomSharding.init(context.getSystem(), on.settings().shards(), with);
  }

  private RoutingParts routing(ActorRef<Peer.Command> peers) {
    ActorRefResolver resolver = ActorRefResolver.get(context.getSystem());
    Budget crossings = new Budget(on.settings().crossingBytes());
    on.levels().register(Store.CROSSINGS, crossings::used, crossings.maxBytes());
    return new RoutingParts(
        on.settings().routing(),
        () -> new CrossingLinkCodec(resolver),
        crossings,
        peers,
        rosters::reachable,
        on.identities()::isKnown,
        System::nanoTime,
        on.meters(),
        on.ledger());
  }

  private MailboxAccess mailboxes() {
    Budget letters = new Budget(on.settings().letterBytes());
    Budget unwritten = new Budget(on.settings().unwrittenBytes());
    on.levels().register(Store.LETTERS, letters::used, letters.maxBytes());
    on.levels().register(Store.UNWRITTEN, unwritten::used, unwritten.maxBytes());
    LateMailboxes others = new LateMailboxes();
    MailboxCollaborators with =
        new MailboxCollaborators(
            node,
            on.settings().mailbox(),
            on.store(),
            on.terms(),
            others,
            identity -> peers.tell(new Peer.Knock(identity)),
            letters,
            task -> Thread.ofVirtual().name("mailbox-reading").start(task),
            on.clock(),
            on.meters(),
            on.ledger());
    ActorRef<Mailbox.Command> boxes =
        others.open(MailboxSharding.init(context.getSystem(), on.settings().shards(), with));
    return new MailboxAccess(
        boxes, context.spawn(MailRounds.create(with), "mail-rounds"), unwritten, with::isStoreAway);
  }

  private Surroundings surroundings(
      int loop, ActorRef<Peer.Command> peers, Budget waiting, MailboxAccess mail) {
    return new Surroundings(
        loop,
        node,
        neighbours::some,
        peers,
        roster,
        routes.get(loop),
        halls.get(loop),
        new Backlogs(waiting),
        mail,
        on.identities(),
        permissions,
        on.settings().session(),
        on.settings().attendance(),
        System::nanoTime,
        on.clock(),
        on.meters(),
        on.ledger(),
        new LatencyProbe(on.latency()));
  }

  private Behavior<Command> open() {
    try {
      listener =
          Listener.open(
              on.settings().connection(),
              on.loops(),
              sessions,
              on.meters(),
              on.ledger(),
              on.levels());
      doors.tell(new Doors.Open(advertised()));
      on.opened().complete(new Open(node, listener, roster, peers, census));
      return Behaviors.same();
    } catch (IOException taken) {
      on.opened().completeExceptionally(taken);
      return Behaviors.stopped();
    }
  }

  /** Where others tell peers to go: not every address to listen on is one to connect to. */
  private String advertised() {
    if (!on.settings().advertised().isEmpty()) {
      return on.settings().advertised();
    }
    InetSocketAddress address = listener.address();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? Cluster.get(context.getSystem()).selfMember().address().getHost().orElseThrow()
            : address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private Behavior<Command> drain() {
    doors.tell(new Doors.Close());
    close();
    sessions.forEach(loop -> loop.tell(new Sessions.Drain(on.settings().drainSpread())));
    return Behaviors.same();
  }

  private Behavior<Command> close() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
    return Behaviors.same();
  }
}
