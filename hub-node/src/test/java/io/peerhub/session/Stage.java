package io.peerhub.session;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.ActorKit;
import io.peerhub.delivery.Budget;
import io.peerhub.identity.Identities;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.routing.Router;
import io.peerhub.routing.Routes;
import io.peerhub.routing.RoutingParts;
import io.peerhub.routing.RoutingSettings;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Where answers to messages go. */
  final TestProbe<SessionInput> sender;

  final Budget budget;
  final Surroundings with;

  Stage(ActorKit actors, long budgetBytes, String... settings) {
    this.actors = actors;
    this.peers = actors.probe();
    this.roster = actors.probe();
    this.sender = actors.probe();
    this.budget = new Budget(budgetBytes);
    Config all =
        ConfigFactory.parseString(String.join("\n", settings))
            .withFallback(ConfigFactory.load().getConfig("peerhub.session"));
    this.with =
        new Surroundings(
            0,
            "node-1",
            List::of,
            peers.ref(),
            roster.ref(),
            routes(),
            new Backlogs(budget),
            Identities.open(),
            SessionSettings.from(all),
            actors::nanos,
            actors.clock(),
            meters,
            ledger,
            new LatencyProbe(new LatencySample()));
  }

  Stage(ActorKit actors) {
    this(actors, 1 << 20);
  }

  private Routes routes() {
    RoutingParts parts =
        new RoutingParts(
            RoutingSettings.from(ConfigFactory.load().getConfig("peerhub.routing")),
            () -> null,
            new Budget(1 << 20),
            peers.ref(),
            List::of,
            actors::nanos,
            meters,
            ledger);
    ActorRef<ActorRef<Routes>> starter =
        actors
            .kit()
            .spawn(
                Behaviors.setup(
                    context -> {
                      Routes routes = Router.start(context, 0, parts);
                      return Behaviors.receiveMessage(
                          (ActorRef<Routes> replyTo) -> {
                            replyTo.tell(routes);
                            return Behaviors.same();
                          });
                    }));
    return AskPattern.<ActorRef<Routes>, Routes>ask(
            starter, replyTo -> replyTo, Duration.ofSeconds(3), actors.kit().scheduler())
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
    return new Mail.Delivery(
        BOB,
        new Identity("alice"),
        "",
        Body.text("message " + n),
        "id-" + n,
        DeliveryClass.LIVE,
        "",
        0,
        ttlMs,
        Map.of(),
        confirm,
        n,
        senderSeat());
  }
}
