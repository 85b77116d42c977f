package io.peerhub.peer;

import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
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
      permits Request, Roster.Present, Stop, GraceOver, TermTaken, TermFailed, Idle {}

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

  /** Where is the peer attached? Answered by {@link Resolved}. */
  public record Resolve(Identity identity, ActorRef<Resolved> replyTo) implements Request {}

  /** Is the peer there, and since when? Answered by {@link Standing}. */
  public record Ask(Identity identity, ActorRef<SessionInput> replyTo, String id)
      implements Request {}

  /** Sharding asks the peer to end: nobody is attached any more, or its shard moves. */
  public record Stop() implements Command {}

  private record GraceOver() implements Command {}

  private record TermTaken(long term) implements Command {}

  private record TermFailed() implements Command {}

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

  /** Whether a peer is there. */
  public enum Presence {
    ONLINE,
    AWAY,
    OFFLINE
  }

  /**
   * Answers {@link Ask}.
   *
   * @param since wall clock, ms since 1970; 0 where not known
   */
  public record Standing(Identity identity, Presence presence, long since, String id)
      implements Notice {}

  /** How long a peer that was only asked for is kept, unless it is asked again. */
  private static final Duration UNATTACHED = Duration.ofSeconds(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> waiting;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final PeerCollaborators with;
  private final Identity identity;
  private final Epochs epochs = new Epochs();
  private Holder holder;
  private long since;
  private int unanswered;

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
    with.ledger().opened(Resource.PEER);
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
              case Idle idle -> Behaviors.same();
            },
        this::onSignal);
  }

  private Behavior<Command> onAnswered(Roster.Present present) {
    if (present.entry() != null) {
      Roster.Entry entry = present.entry();
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
              case Attach attach -> onAttach(attach);
              case Reattach reattach -> onReattach(reattach);
              case Away away -> onAway(away);
              case Leave leave -> onLeave(leave);
              case Resolve resolve -> onResolve(resolve);
              case Ask ask -> onAsk(ask);
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
                epochs.begin(taken.term());
                attach(first);
                yield waiting.unstashAll(serving());
              }
              case TermFailed failed -> {
                deny(first, Refusal.STORE_UNAVAILABLE);
                idleUnlessHeld(UNATTACHED);
                yield waiting.unstashAll(serving());
              }
              case Request request -> wait(request);
              case Roster.Present late -> onLateAnswer(late);
              case Stop stop -> Behaviors.stopped();
              case GraceOver _, Idle _ -> Behaviors.same();
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
    if (holder != null && holder.seat().equals(attach.seat())) {
      attach.seat().session().tell(holder.answerAgain(context.getSelf()));
      return Behaviors.same();
    }
    boolean duplicate = holder != null && !holder.away() && !holder.isResumedBy(attach);
    if (duplicate && with.settings().refuseDuplicates()) {
      deny(attach, Refusal.ALREADY_CONNECTED);
      return Behaviors.same();
    }
    if (epochs.needsTerm()) {
      context.pipeToSelf(
          with.terms().get(),
          (term, failure) -> failure == null ? new TermTaken(term) : new TermFailed());
      return numbering(attach);
    }
    attach(attach);
    return Behaviors.same();
  }

  private void attach(Attach attach) {
    Holder previous = holder;
    boolean resumes = previous != null && previous.isResumedBy(attach);
    long epoch = epochs.next();
    Seat before = previous == null ? null : previous.seat();
    Attached answer = new Attached(epoch, context.getSelf(), before, resumes);
    hold(Holder.of(attach, epoch, answer));
    attach.seat().session().tell(answer);
    if (previous != null) {
      dismiss(previous, attach.seat(), epoch, resumes);
      if (!resumes && !previous.away()) {
        with.meters().count(Meter.TAKEOVERS);
      }
    }
  }

  private void deny(Attach attach, Refusal refusal) {
    int retryAfterMs = refusal.retryable() ? 1000 : 0;
    attach.seat().session().tell(new Denied(refusal, retryAfterMs));
  }

  private Behavior<Command> onReattach(Reattach reattach) {
    settle(reattach.seat(), reattach.sessionId(), reattach.epoch());
    return Behaviors.same();
  }

  private Behavior<Command> onLateAnswer(Roster.Present present) {
    Roster.Entry entry = present.entry();
    // By now the session may have left, and said so: only what is higher than all we know counts.
    if (entry != null && holder != null && entry.epoch() > holder.epoch()) {
      settle(entry.seat(), entry.sessionId(), entry.epoch());
    }
    return Behaviors.same();
  }

  /** A session says that it is the one: the highest epoch is. */
  private void settle(Seat seat, String sessionId, long epoch) {
    if (holder == null || holder.seat().equals(seat) || holder.epoch() < epoch) {
      Holder older = holder;
      hold(Holder.of(seat, sessionId, epoch));
      seat.session().tell(new Reattached(context.getSelf()));
      if (older != null && !older.seat().equals(seat)) {
        dismiss(older, seat, epoch, older.isKnownAs(sessionId));
      }
    } else {
      seat.session().tell(new Yield(holder.seat(), holder.epoch(), holder.isKnownAs(sessionId)));
    }
  }

  private void hold(Holder next) {
    if (holder == null || !holder.seat().equals(next.seat())) {
      context.watch(next.seat().session());
      since = with.clock().millis();
    }
    holder = next;
    timers.cancel(new Idle());
  }

  private void dismiss(Holder older, Seat to, long epoch, boolean resumes) {
    context.unwatch(older.seat().session());
    older.seat().session().tell(new Yield(to, epoch, resumes));
  }

  private Behavior<Command> onAway(Away away) {
    if (holder != null && holder.seat().equals(away.seat())) {
      holder = holder.gone();
      since = with.clock().millis();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLeave(Leave leave) {
    if (holder != null && holder.seat().equals(leave.seat())) {
      context.unwatch(holder.seat().session());
      release();
    }
    return Behaviors.same();
  }

  private void release() {
    holder = null;
    since = with.clock().millis();
    idleUnlessHeld(with.settings().passivateAfter());
  }

  private void idleUnlessHeld(Duration after) {
    if (holder == null) {
      timers.startSingleTimer(new Idle(), after);
    }
  }

  private Behavior<Command> onIdle() {
    if (holder == null) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    return Behaviors.same();
  }

  private Behavior<Command> onResolve(Resolve resolve) {
    Seat seat = holder == null ? null : holder.seat();
    resolve.replyTo().tell(new Resolved(identity, seat, holder == null ? 0 : holder.epoch()));
    return Behaviors.same();
  }

  private Behavior<Command> onAsk(Ask ask) {
    Presence presence =
        holder == null ? Presence.OFFLINE : holder.away() ? Presence.AWAY : Presence.ONLINE;
    ask.replyTo().tell(new Standing(identity, presence, since, ask.id()));
    return Behaviors.same();
  }

  private Behavior<Command> onSignal(ActorContext<Command> ignored, Signal signal) {
    if (signal instanceof Terminated gone) {
      // A dead session's clean-up never touches its successor.
      if (holder != null && holder.seat().session().equals(gone.getRef())) {
        release();
      }
      return Behaviors.same();
    }
    if (signal instanceof PostStop) {
      with.ledger().closed(Resource.PEER);
      return Behaviors.same();
    }
    return Behaviors.unhandled();
  }
}
