package io.peerhub.session;

import static io.peerhub.Patience.PATIENCE;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.ActorKit;
import io.peerhub.delivery.Budget;
import io.peerhub.identity.Identities;
import io.peerhub.identity.PermissionSettings;
import io.peerhub.identity.Permissions;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.MailRounds;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.mailbox.MailboxAccess;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.room.Room;
import io.peerhub.routing.HallKeeper;
import io.peerhub.routing.HallSettings;
import io.peerhub.routing.Halls;
import io.peerhub.routing.Router;
import io.peerhub.routing.Routes;
import io.peerhub.routing.RoutingParts;
import io.peerhub.routing.RoutingSettings;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** What is around the sessions of a test: real routes, probes for peer and roster, room to set. */
final class Stage {
  static final Identity BOB = new Identity("bob");

  final ActorKit actors;
  final Meters meters = new Meters();
  final Ledger ledger = new Ledger();
  final TestProbe<Peer.Command> peers;
  final TestProbe<Roster.Command> roster;
  final TestProbe<Room.Command> rooms;
  final TestProbe<Mailbox.Command> boxes;
  final TestProbe<MailRounds.Command> rounds;

  /** Where answers to messages go. */
  final TestProbe<SessionInput> sender;

  final Budget budget;

  /** Whether the database takes no writes. */
  final AtomicBoolean storeIsAway = new AtomicBoolean();

  /** Whom an operator has shut out. */
  final Set<Identity> shutOut = ConcurrentHashMap.newKeySet();

  final Surroundings with;

  Stage(ActorKit actors, long budgetBytes, String... settings) {
    this(actors, budgetBytes, PermissionSettings.open(), settings);
  }

  Stage(ActorKit actors, long budgetBytes, PermissionSettings permissions, String... settings) {
    this.actors = actors;
    this.peers = actors.probe();
    this.roster = actors.probe();
    this.rooms = actors.probe();
    this.sender = actors.probe();
    this.boxes = actors.probe();
    this.rounds = actors.probe();
    this.budget = new Budget(budgetBytes);
    Config all =
        ConfigFactory.parseString(String.join("\n", settings))
            .withFallback(ConfigFactory.load().getConfig("peerhub.session"));
    Ways ways = ways();
    this.with =
        new Surroundings(
            0,
            "node-1",
            List::of,
            peers.ref(),
            roster.ref(),
            ways.routes(),
            ways.halls(),
            new Backlogs(budget),
            new MailboxAccess(boxes.ref(), rounds.ref(), new Budget(budgetBytes), storeIsAway::get),
            Identities.open(shutOut::contains),
            new Permissions(permissions),
            SessionSettings.from(all),
            new AttendanceSettings(1000, 1000, 1000),
            actors::nanos,
            actors.clock(),
            meters,
            ledger,
            new LatencyProbe(new LatencySample()));
  }

  Stage(ActorKit actors) {
    this(actors, 1 << 20);
  }

  private record Ways(Routes routes, Halls halls) {}

  private Ways ways() {
    RoutingParts parts =
        new RoutingParts(
            RoutingSettings.from(ConfigFactory.load().getConfig("peerhub.routing")),
            () -> null,
            new Budget(1 << 20),
            peers.ref(),
            List::of,
            anybody -> true,
            actors::nanos,
            meters,
            ledger);
    ActorRef<ActorRef<Ways>> starter =
        actors
            .kit()
            .spawn(
                Behaviors.setup(
                    context -> {
                      Routes routes = Router.start(context, 0, parts);
                      HallSettings limits = new HallSettings(1 << 20, 100);
                      Halls halls = HallKeeper.start(context, 0, routes, limits);
                      halls.open(rooms.ref());
                      return Behaviors.receiveMessage(
                          (ActorRef<Ways> replyTo) -> {
                            replyTo.tell(new Ways(routes, halls));
                            return Behaviors.same();
                          });
                    }));
    return AskPattern.<ActorRef<Ways>, Ways>ask(
            starter, replyTo -> replyTo, PATIENCE, actors.kit().scheduler())
        .toCompletableFuture()
        .join();
  }

  /** A session on the loop, which has heard nothing yet. */
  ActorRef<SessionInput> session(Outlet outlet) {
    DispatcherSelector loop = DispatcherSelector.fromConfig("peerhub.loop.0");
    return actors.kit().spawn(Session.create(outlet, with), loop);
  }

  /** A session that asked to be the one; what it said is the question. */
  Peer.Attach attach(ActorRef<SessionInput> session, Frame.Hello hello) {
    session.tell(new Session.Received(List.of(hello)));
    return peers.expectMessageClass(Peer.Attach.class);
  }

  /** A session that has been welcomed, of a peer that acknowledges by itself. */
  ActorRef<SessionInput> live(FakeOutlet outlet) {
    ActorRef<SessionInput> session = session(outlet);
    attach(session, hello(Optional.empty(), "client"));
    session.tell(new Peer.Attached(1, peers.ref(), null, false));
    outlet.expect(Frame.Welcome.class);
    return session;
  }

  static Frame.Hello hello(Optional<Frame.Resume> resume, String ack) {
    return new Frame.Hello(
        1, "bob", "none", "test", resume, ack, 4, 1_000, List.of(), "", Map.of());
  }

  /** A conversation of bob's session, on that line. */
  Conversation conversation(Line line, boolean acks, int window) {
    Letters letters = new Letters(with, BOB, "s", 1, window, actors.<SessionInput>probe().ref());
    return new Conversation(with, line, acks, window, letters);
  }

  /** The sending half of bob's session, on that line. */
  Sending sending(Line line) {
    return new Sending(with, line, BOB, Map.of(), senderSeat(), 1, false);
  }

  Seat senderSeat() {
    return new Seat(sender.ref(), 0);
  }

  Mail.Delivery mail(int n) {
    return mail(n, Confirmation.NONE, 30_000);
  }

  Mail.Delivery mail(int n, Confirmation confirm) {
    return mail(n, confirm, 30_000);
  }

  Mail.Delivery mail(int n, Confirmation confirm, int ttlMs) {
    return Deliveries.to(BOB)
        .from("alice")
        .numbered(n)
        .confirm(confirm)
        .ttlMs(ttlMs)
        .answeredAt(senderSeat())
        .make();
  }
}
