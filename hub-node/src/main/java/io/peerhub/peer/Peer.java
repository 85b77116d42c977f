package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
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
 * One identity: who is attached, under which epoch ("Phases" shape; a sharded entity).
 *
 * <p>It guarantees that at most one session is the one, that each new one has a higher epoch, and
 * that the older one is told to hand over. It does not carry messages and stores nothing: when its
 * actor ends, living sessions report themselves, and a new incarnation calls the rosters of all
 * nodes before it answers anybody.
 */
public final class Peer {
  /** What a peer hears. A roster's answer comes as it is: an adapter costs each peer 250 bytes. */
  public sealed interface Command
      permits Request,
          Roster.Present,
          Stop,
          GraceOver,
          TermTaken,
          TermFailed,
          DepartureOver,
          Idle {}

  /** What anybody may ask of a peer, with the identity by which sharding finds it. */
  public sealed interface Request extends Command {
    /** The identity of the peer that is spoken to. */
    Identity identity();
  }

  /**
   * A session was authenticated and asks to be the one. Answered by {@link Attached} or {@link
   * Denied}. Asked again (no answer came) it is answered again.
   *
   * @param sessionId the id of the new session
   * @param resume the id of the session that it wants to go on with; empty if none
   */
  public record Attach(Identity identity, Seat seat, String sessionId, String resume)
      implements Request {}

  /**
   * A session that saw its peer's actor end reports itself. Answered by {@link Reattached}, or by
   * {@link Yield} if a newer one has come.
   */
  public record Reattach(Identity identity, Seat seat, String sessionId, long epoch)
      implements Request {}

  /** The session's connection is cut; it waits for a resume. */
  public record Away(Identity identity, Seat seat) implements Request {}

  /** The session is over. */
  public record Leave(Identity identity, Seat seat) implements Request {}

  /**
   * The session is over, and what it has sent last may still be on its way: whoever comes next
   * waits for {@link Departed}, or for so long as the settings say.
   */
  public record Depart(Identity identity, Seat seat) implements Request {}

  /** What that session has sent has arrived. */
  public record Departed(Identity identity, Seat seat) implements Request {}

  /** Where is the peer attached? Answered by {@link Resolved}. */
  public record Resolve(Identity identity, ActorRef<Resolved> replyTo) implements Request {}

  /** Is the peer there, and since when? Answered by {@link Standing}. */
  public record Ask(Identity identity, ActorRef<SessionInput> replyTo, String id)
      implements Request {}

  /** Mail waits in the peer's mailbox: its session is told, if there is one. */
  public record Knock(Identity identity) implements Request {}

  /** Sharding asks the peer to end: nobody is attached any more, or its shard moves. */
  public record Stop() implements Command {}

  private record GraceOver() implements Command {}

  private record TermTaken(long term) implements Command {}

  private record TermFailed() implements Command {}

  private record DepartureOver() implements Command {}

  private record Idle() implements Command {}

  /** Where a peer is attached. {@code seat} is null if it is offline, {@code epoch} then 0. */
  public record Resolved(Identity identity, Seat seat, long epoch) {}

  /** What a peer says to sessions. */
  public sealed interface Notice extends SessionInput {}

  /**
   * You are the one, under this epoch. If {@code previous} is not null, it hands its state over:
   * wait for that before {@code welcome}.
   *
   * @param peer the actor that says so: when it ends, {@link Reattach}
   * @param resumes whether {@code previous} is the session that was asked for
   */
  public record Attached(long epoch, ActorRef<Command> peer, Seat previous, boolean resumes)
      implements Notice {}

  /** You are still the one; this is the actor that says so now. */
  public record Reattached(ActorRef<Command> peer) implements Notice {}

  /** You are not. */
  public record Denied(Refusal refusal, int retryAfterMs) implements Notice {}

  /** A newer session has come: hand over to it, and forward what still reaches you. */
  public record Yield(Seat to, long epoch, boolean resumes) implements Notice {}

  /**
   * Answers {@link Ask}.
   *
   * @param since wall clock, ms since 1970; 0 where not known
   */
  public record Standing(Identity identity, Presence presence, long since, String id)
      implements Notice {}

  /** How long a peer that was only asked for is kept, unless it is asked again. */
  private static final Duration UNATTACHED = Duration.ofSeconds(1);

  /** Longer than anybody waits for a term. */
  private static final Duration NUMBERING = Duration.ofMinutes(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> waiting;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerCollaborators with;
  private final Identity identity;
  private final Seating seating;
  private final Tenure tenure;
  private int unanswered;

  // The session that is over, but for what it has sent; null if there is none.
  private Seat departing;

  private Peer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> waiting,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Identity identity,
      PeerCollaborators with) {
    this.context = context;
    this.timers = timers;
    this.waiting = waiting;
    this.shard = shard;
    this.identity = identity;
    this.with = with;
    this.seating = new Seating(context, with);
    this.tenure =
        new Tenure(
            identity,
            seating,
            with.ledger(),
            with.settings().rollCallGrace(),
            () -> context.getSelf().tell(new Idle()));
  }

  /** The entity of this identity. */
  public static Behavior<Command> create(
      Identity identity, ActorRef<ClusterSharding.ShardCommand> shard, PeerCollaborators with) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        with.settings().waitingMax(),
                        stash ->
                            new Peer(context, timers, stash, shard, identity, with)
                                .callRosters())));
  }

  private Behavior<Command> callRosters() {
    for (ActorRef<Roster.Command> roster : with.rosters().get()) {
      roster.tell(new Roster.Call(identity, context.getSelf().narrow()));
      unanswered++;
    }
    timers.startSingleTimer(new GraceOver(), with.settings().rollCallGrace());
    return calling();
  }

  /** Asks all nodes who is there; everything else waits. */
  private Behavior<Command> calling() {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case Roster.Present present -> onAnswered(present);
              case GraceOver over -> serve();
              case Request request -> wait(request);
              case Stop stop -> Behaviors.stopped();
              case TermTaken _, TermFailed _ -> Behaviors.unhandled();
              case Idle _, DepartureOver _ -> Behaviors.same();
            },
        this::onSignal);
  }

  private Behavior<Command> onAnswered(Roster.Present present) {
    Roster.Entry entry = present.entry();
    if (entry != null) {
      settle(entry.seat(), entry.sessionId(), entry.epoch());
    }
    unanswered--;
    return unanswered > 0 ? Behaviors.same() : serve();
  }

  private Behavior<Command> serve() {
    timers.cancel(new GraceOver());
    idleUnlessHeld(UNATTACHED);
    return waiting.unstashAll(serving());
  }

  /** Knows who is the one, and says so. */
  private Behavior<Command> serving() {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case Attach attach -> departing == null ? onAttach(attach) : wait(attach);
              case Reattach known -> settle(known.seat(), known.sessionId(), known.epoch());
              case Away away -> onAway(away);
              case Leave leave -> onLeave(leave);
              case Depart depart -> onDepart(depart);
              case Departed departed -> onDeparted(departed);
              case DepartureOver late -> {
                with.meters().count(Meter.SETTLED_LATE);
                yield admitNext();
              }
              case Resolve resolve -> onResolve(resolve);
              case Ask ask -> onAsk(ask);
              case Knock knock -> seating.knock(identity);
              case Roster.Present late -> onLateAnswer(late);
              case Idle idle -> onIdle();
              case Stop stop -> Behaviors.stopped();
              case GraceOver over -> Behaviors.same();
              case TermTaken _, TermFailed _ -> Behaviors.unhandled();
            },
        this::onSignal);
  }

  /** Waits for a term from the database; everything else waits too, so that order holds. */
  private Behavior<Command> numbering(Attach first) {
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case TermTaken taken -> {
                seating.number(taken.term());
                attach(first);
                yield waiting.unstashAll(serving());
              }
              case TermFailed failed -> {
                seating.deny(first, Refusal.STORE_UNAVAILABLE);
                idleUnlessHeld(UNATTACHED);
                yield waiting.unstashAll(serving());
              }
              case Request request -> wait(request);
              case Roster.Present late -> onLateAnswer(late);
              case Stop stop -> Behaviors.stopped();
              case GraceOver _, Idle _, DepartureOver _ -> Behaviors.same();
            },
        this::onSignal);
  }

  private Behavior<Command> wait(Request request) {
    // Who asks also asks again: what finds no room is dropped like a lost message.
    if (!waiting.isFull()) {
      waiting.stash(request);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onAttach(Attach attach) {
    return switch (seating.judge(attach)) {
      case AGAIN -> {
        seating.answerAgain(attach);
        yield Behaviors.same();
      }
      case DUPLICATE -> {
        seating.deny(attach, Refusal.ALREADY_CONNECTED);
        yield Behaviors.same();
      }
      case NO_TERM -> {
        tenure.keepFor(NUMBERING);
        context.pipeToSelf(
            with.terms().get(),
            (term, failure) -> failure == null ? new TermTaken(term) : new TermFailed());
        yield numbering(attach);
      }
      case ADMIT -> attach(attach);
    };
  }

  private Behavior<Command> attach(Attach attach) {
    seating.attach(attach);
    timers.cancel(new Idle());
    return Behaviors.same();
  }

  private Behavior<Command> settle(Seat seat, String sessionId, long epoch) {
    seating.settle(seat, sessionId, epoch);
    timers.cancel(new Idle());
    return Behaviors.same();
  }

  private Behavior<Command> onLateAnswer(Roster.Present present) {
    Roster.Entry entry = present.entry();
    // By now the session may have left, and said so: only what is higher than all we know counts.
    if (entry != null && seating.isOlderThan(entry.epoch())) {
      settle(entry.seat(), entry.sessionId(), entry.epoch());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onAway(Away away) {
    seating.away(away.seat());
    return Behaviors.same();
  }

  private Behavior<Command> onLeave(Leave leave) {
    if (seating.leave(leave.seat())) {
      idleUnlessHeld(with.settings().passivateAfter());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onDepart(Depart depart) {
    if (seating.leave(depart.seat())) {
      departing = depart.seat();
      timers.startSingleTimer(new DepartureOver(), with.settings().departureTimeout());
      idleUnlessHeld(with.settings().keptAfterDeparture());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onDeparted(Departed departed) {
    return departed.seat().equals(departing) ? admitNext() : Behaviors.same();
  }

  private Behavior<Command> admitNext() {
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

  private Behavior<Command> onIdle() {
    if (seating.isVacant()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Behaviors.same();
  }

  private Behavior<Command> onResolve(Resolve resolve) {
    resolve.replyTo().tell(seating.resolved(identity));
    return Behaviors.same();
  }

  private Behavior<Command> onAsk(Ask ask) {
    ask.replyTo().tell(seating.standing(identity, ask.id()));
    return Behaviors.same();
  }

  private Behavior<Command> onSignal(ActorContext<Command> ignored, Signal signal) {
    if (signal instanceof Terminated gone) {
      if (seating.ended(gone.getRef())) {
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
}
