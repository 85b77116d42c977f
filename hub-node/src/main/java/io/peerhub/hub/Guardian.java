package io.peerhub.hub;

import io.peerhub.connection.Listener;
import io.peerhub.connection.Loops;
import io.peerhub.delivery.Budget;
import io.peerhub.hub.crossing.CrossingLinkCodec;
import io.peerhub.identity.Identities;
import io.peerhub.peer.Peer;
import io.peerhub.peer.PeerCollaborators;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Rosters;
import io.peerhub.routing.DeadLetterDesk;
import io.peerhub.routing.Router;
import io.peerhub.routing.Routes;
import io.peerhub.routing.RoutingParts;
import io.peerhub.session.Backlogs;
import io.peerhub.session.LatencyProbe;
import io.peerhub.session.Sessions;
import io.peerhub.session.Surroundings;
import io.peerhub.telemetry.LatencySample;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/** The root of a node's actors: wires the parts in the order in which they need each other. */
public final class Guardian {
  /** What the root hears. */
  public sealed interface Command {}

  /** The port closes, and every session says goodbye. */
  public record Drain() implements Command {}

  private record Up() implements Command {}

  /**
   * What the actors stand on.
   *
   * @param terms gives a peer's actor its term
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
      LatencySample latency,
      CompletableFuture<Open> opened) {}

  /** The node is open. */
  record Open(String node, Listener listener, ActorRef<Roster.Command> roster) {}

  private final ActorContext<Command> context;
  private final Foundation on;
  private final String node;
  private final Rosters rosters;
  private ActorRef<Roster.Command> roster;
  private final List<ActorRef<Sessions.Command>> sessions = new ArrayList<>();
  private Listener listener;

  private Guardian(ActorContext<Command> context, Foundation on) {
    this.context = context;
    this.on = on;
    this.rosters = new Rosters(context.getSystem());
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
    ActorRef<Peer.Command> peers = peers();
    RoutingParts routing = routing(peers);
    Budget waiting = new Budget(on.settings().queueBytes());
    for (int loop = 0; loop < on.loops().count(); loop++) {
      Surroundings with = surroundings(loop, peers, routing, waiting);
      sessions.add(
          context.spawn(Sessions.create(with), "sessions-" + loop, on.loops().dispatcher(loop)));
    }
    // What everybody stands on is not started anew behind their backs: without it, this actor ends
    // too (nobody here handles the end of a child), and with it the node.
    context.watch(roster);
    sessions.forEach(context::watch);
    ActorRef<SelfUp> up = context.messageAdapter(SelfUp.class, ignored -> new Up());
    Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(up, SelfUp.class));
    return Behaviors.receive(Command.class)
        .onMessage(Up.class, ignored -> open())
        .onMessage(Drain.class, ignored -> drain())
        .onSignal(PostStop.class, ignored -> close())
        .build();
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

  private RoutingParts routing(ActorRef<Peer.Command> peers) {
    ActorRefResolver resolver = ActorRefResolver.get(context.getSystem());
    return new RoutingParts(
        on.settings().routing(),
        () -> new CrossingLinkCodec(resolver),
        new Budget(on.settings().crossingBytes()),
        peers,
        rosters::reachable,
        System::nanoTime,
        on.meters(),
        on.ledger());
  }

  private Surroundings surroundings(
      int loop, ActorRef<Peer.Command> peers, RoutingParts routing, Budget waiting) {
    Routes routes = Router.start(context, loop, routing);
    if (loop == 0) {
      context.spawn(DeadLetterDesk.create(routes, on.meters(), new LateLetters()), "dead-letters");
    }
    return new Surroundings(
        loop,
        node,
        List::of,
        peers,
        roster,
        routes,
        new Backlogs(waiting),
        on.identities(),
        on.settings().session(),
        System::nanoTime,
        on.clock(),
        on.meters(),
        on.ledger(),
        new LatencyProbe(on.latency()));
  }

  private Behavior<Command> open() {
    try {
      listener =
          Listener.open(on.settings().connection(), on.loops(), sessions, on.meters(), on.ledger());
      on.opened().complete(new Open(node, listener, roster));
      return Behaviors.same();
    } catch (IOException taken) {
      on.opened().completeExceptionally(taken);
      return Behaviors.stopped();
    }
  }

  private Behavior<Command> drain() {
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
