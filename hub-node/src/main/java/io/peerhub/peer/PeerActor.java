package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * One identity: who is attached, under which epoch ("Phases" shape; a sharded entity). Its protocol
 * is {@link Peer}.
 *
 * <pre>
 *   calling (the rosters) -> serving &lt;-> numbering (a term from the database)
 * </pre>
 *
 * <p>It guarantees that at most one session is the one, that each new one has a higher epoch, and
 * that the older one is told to hand over. It does not carry messages and stores nothing: when its
 * actor ends, living sessions report themselves, and a new incarnation calls the rosters of all
 * nodes before it answers anybody (ADR 002).
 */
public final class PeerActor {
  /** What a peer tells itself. */
  sealed interface Private extends Peer.Command {}

  private record GraceOver() implements Private {}

  private record TermTaken(long term) implements Private {}

  private record TermFailed() implements Private {}

  private record DepartureOver() implements Private {}

  private record Idle() implements Private {}

  /** How long a peer that was only asked for is kept, unless it is asked again. */
  private static final Duration UNATTACHED = Duration.ofSeconds(1);

  /** Longer than anybody waits for a term. */
  private static final Duration NUMBERING = Duration.ofMinutes(1);

  private final ActorContext<Peer.Command> context;
  private final TimerScheduler<Peer.Command> timers;
  private final StashBuffer<Peer.Command> waiting;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerCollaborators with;
  private final Identity identity;
  private final Seating seating;
  private final Tenure tenure;
  private int unanswered;

  // The session that is over, but for what it has sent; null if there is none.
  private Seat departing;

  private PeerActor(
      ActorContext<Peer.Command> context,
      TimerScheduler<Peer.Command> timers,
      StashBuffer<Peer.Command> waiting,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Identity identity,
      PeerCollaborators with) {
    this.context = context;
    this.timers = timers;
    this.waiting = waiting;
    this.shard = shard;
    this.identity = identity;
    this.with = with;
    this.seating = new Seating(context.getSelf(), with.settings().refuseDuplicates());
    this.tenure =
        new Tenure(
            identity,
            seating,
            with.ledger(),
            with.settings().rollCallGrace(),
            () -> context.getSelf().tell(new Idle()));
  }

  /** The entity of this identity. */
  public static Behavior<Peer.Command> create(
      Identity identity, ActorRef<ClusterSharding.ShardCommand> shard, PeerCollaborators with) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        with.settings().waitingMax(),
                        stash ->
                            new PeerActor(context, timers, stash, shard, identity, with)
                                .callRosters())));
  }

  private Behavior<Peer.Command> callRosters() {
    for (ActorRef<Roster.Command> roster : with.rosters().get()) {
      roster.tell(new Roster.Call(identity, context.getSelf().narrow()));
      unanswered++;
    }
    timers.startSingleTimer(new GraceOver(), with.settings().rollCallGrace());
    return calling();
  }

  /** Asks all nodes who is there; everything else waits. */
  private Behavior<Peer.Command> calling() {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case Roster.Present present -> onAnswered(present);
              case GraceOver over -> serve();
              case Peer.Request request -> wait(request);
              case Peer.Stop stop -> Behaviors.stopped();
              case TermTaken _, TermFailed _ -> Behaviors.unhandled();
              case Idle _, DepartureOver _ -> Behaviors.same();
            },
        this::onSignal);
  }

  private Behavior<Peer.Command> onAnswered(Roster.Present present) {
    Roster.Entry entry = present.entry();
    if (entry != null) {
      onClaim(entry.seat(), entry.sessionId(), entry.epoch());
    }
    unanswered--;
    return unanswered > 0 ? Behaviors.same() : serve();
  }

  private Behavior<Peer.Command> serve() {
    timers.cancel(new GraceOver());
    idleUnlessHeld(UNATTACHED);
    return waiting.unstashAll(serving());
  }

  /** Knows who is the one, and says so. */
  private Behavior<Peer.Command> serving() {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case Peer.Attach attach -> departing == null ? onAttach(attach) : wait(attach);
              case Peer.Reattach known -> onClaim(known.seat(), known.sessionId(), known.epoch());
              case Peer.Away away -> onAway(away);
              case Peer.Leave leave -> onLeave(leave);
              case Peer.Depart depart -> onDepart(depart);
              case Peer.Departed departed -> onDeparted(departed);
              case DepartureOver late -> {
                with.meters().count(Meter.SETTLED_LATE);
                yield admitNext();
              }
              case Peer.Resolve resolve -> onResolve(resolve);
              case Peer.Ask ask -> onAsk(ask);
              case Peer.Knock knock -> onKnock();
              case Roster.Present late -> onLateAnswer(late);
              case Idle idle -> onIdle();
              case Peer.Stop stop -> Behaviors.stopped();
              case GraceOver over -> Behaviors.same();
              case TermTaken _, TermFailed _ -> Behaviors.unhandled();
            },
        this::onSignal);
  }

  private Behavior<Peer.Command> askForTerm(Peer.Attach first) {
    tenure.keepFor(NUMBERING);
    context.pipeToSelf(
        with.terms().get(),
        (term, failure) -> failure == null ? new TermTaken(term) : new TermFailed());
    return numbering(first);
  }

  /** Waits for a term from the database; everything else waits too, so that order holds. */
  private Behavior<Peer.Command> numbering(Peer.Attach first) {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case TermTaken taken -> {
                seating.number(taken.term());
                onAttach(first);
                yield waiting.unstashAll(serving());
              }
              case TermFailed failed -> {
                deny(first, Refusal.STORE_UNAVAILABLE);
                idleUnlessHeld(UNATTACHED);
                yield waiting.unstashAll(serving());
              }
              case Peer.Request request -> wait(request);
              case Roster.Present late -> onLateAnswer(late);
              case Peer.Stop stop -> Behaviors.stopped();
              case GraceOver _, Idle _, DepartureOver _ -> Behaviors.same();
            },
        this::onSignal);
  }

  private Behavior<Peer.Command> wait(Peer.Request request) {
    // Who asks also asks again: what finds no room is dropped like a lost message.
    if (!waiting.isFull()) {
      waiting.stash(request);
    }
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onAttach(Peer.Attach attach) {
    return switch (seating.attach(attach, now())) {
      case Seating.Seated seated -> {
        if (seating.isReturn()) {
          with.meters().count(Meter.RECONNECTS);
        }
        yield seat(seated);
      }
      case Seating.Repeated repeated -> repeat(attach.seat(), repeated);
      case Seating.Duplicate duplicate -> deny(attach, Refusal.ALREADY_CONNECTED);
      case Seating.Unnumbered unnumbered -> askForTerm(attach);
    };
  }

  private Behavior<Peer.Command> onClaim(Seat seat, String sessionId, long epoch) {
    return switch (seating.claim(seat, sessionId, epoch, now())) {
      case Seating.Seated seated -> seat(seated);
      case Seating.Repeated repeated -> repeat(seat, repeated);
    };
  }

  private Behavior<Peer.Command> seat(Seating.Seated seated) {
    ActorRef<SessionInput> session = seated.seat().session();
    if (seated.isNew()) {
      context.watch(session);
    }
    session.tell(seated.said());
    if (seated.older() != null) {
      seated.older().session().tell(seated.older().yield());
    }
    if (seated.isTakeover()) {
      with.meters().count(Meter.TAKEOVERS);
    }
    timers.cancel(new Idle());
    return Behaviors.same();
  }

  private Behavior<Peer.Command> repeat(Seat seat, Seating.Repeated repeated) {
    repeated.said().forEach(seat.session()::tell);
    return Behaviors.same();
  }

  private Behavior<Peer.Command> deny(Peer.Attach attach, Refusal refusal) {
    int retryAfterMs = refusal.retryable() ? 1000 : 0;
    attach.seat().session().tell(new Peer.Denied(refusal, retryAfterMs));
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onLateAnswer(Roster.Present present) {
    Roster.Entry entry = present.entry();
    // By now the session may have left, and said so: only what is higher than all we know counts.
    if (entry != null && seating.isOlderThan(entry.epoch())) {
      return onClaim(entry.seat(), entry.sessionId(), entry.epoch());
    }
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onAway(Peer.Away away) {
    seating.away(away.seat(), now());
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onLeave(Peer.Leave leave) {
    if (seating.leave(leave.seat(), now())) {
      context.unwatch(leave.seat().session());
      idleUnlessHeld(with.settings().passivateAfter());
    }
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onDepart(Peer.Depart depart) {
    if (seating.leave(depart.seat(), now())) {
      context.unwatch(depart.seat().session());
      departing = depart.seat();
      timers.startSingleTimer(new DepartureOver(), with.settings().departureTimeout());
      idleUnlessHeld(with.settings().keptAfterDeparture());
    }
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onDeparted(Peer.Departed departed) {
    return departed.seat().equals(departing) ? admitNext() : Behaviors.same();
  }

  private Behavior<Peer.Command> admitNext() {
    departing = null;
    timers.cancel(new DepartureOver());
    return waiting.unstashAll(serving());
  }

  private void idleUnlessHeld(Duration after) {
    if (seating.isVacant()) {
      tenure.keepFor(after);
      timers.startSingleTimer(new Idle(), after);
    }
  }

  private Behavior<Peer.Command> onIdle() {
    if (seating.isVacant()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Behaviors.same();
  }

  /** Mail waits for whoever is attached. */
  private Behavior<Peer.Command> onKnock() {
    if (!seating.isVacant()) {
      seating.seat().session().tell(new Mailbox.Waiting(identity));
    }
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onResolve(Peer.Resolve resolve) {
    resolve.replyTo().tell(seating.resolved(identity));
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onAsk(Peer.Ask ask) {
    ask.replyTo().tell(seating.whereabouts(identity, ask.id()));
    return Behaviors.same();
  }

  private Behavior<Peer.Command> onSignal(ActorContext<Peer.Command> ignored, Signal signal) {
    if (signal instanceof Terminated gone) {
      if (seating.ended(gone.getRef(), now())) {
        idleUnlessHeld(with.settings().passivateAfter());
      }
      return Behaviors.same();
    }
    if (signal instanceof PostStop) {
      tenure.end();
      return Behaviors.same();
    }
    return Behaviors.unhandled();
  }

  private long now() {
    return with.clock().millis();
  }
}
