package io.peerhub.room;

import io.peerhub.delivery.RateLimit;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * The actor of one room ("Phases" shape; a sharded entity).
 *
 * <p>It guarantees one order for everybody, one tell for each loop with members, and that nobody is
 * a member whose session or node is gone. What it knows outlives a crash of it; when it ends for
 * good, the halls report their members to the next one.
 *
 * <pre>
 *   numbering (waits for a term) -> open
 * </pre>
 */
public final class RoomActor {
  /** A term came, or none (0). */
  record Numbered(long term) implements Room.Command {}

  /** Something is due. */
  record Tick() implements Room.Command {}

  /** What a timer is for. */
  private enum Due {
    CHANGES,
    VACANCY
  }

  /** The bits below a term: so many messages have numbers of one term. */
  private static final int COUNT_BITS = 20;

  private static final long NEXT_TERM_AT = 1L << (COUNT_BITS - 1);
  private static final int RESTARTS_MAX = 10;
  private static final Duration RESTARTS_WITHIN = Duration.ofMinutes(1);

  /** What one room is and knows, whichever actor it has: kept over a crash. */
  private static final class Standing {
    final List<ActorRef<SessionInput>> asking = new ArrayList<>();
    Assembly assembly;
    RateLimit rate;
    long termEnd;
    long nextTerm;
    boolean drawing;
  }

  private final ActorContext<Room.Command> context;
  private final TimerScheduler<Room.Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final RoomCollaborators with;
  private final String name;
  private final Standing room;

  private RoomActor(
      ActorContext<Room.Command> context,
      TimerScheduler<Room.Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      String name,
      Standing room,
      RoomCollaborators with) {
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.name = name;
    this.room = room;
    this.with = with;
  }

  /** The entity of this room. */
  public static Behavior<Room.Command> create(
      String name, ActorRef<ClusterSharding.ShardCommand> shard, RoomCollaborators with) {
    return Behaviors.setup(
        outer -> {
          Standing room = new Standing();
          with.ledger().opened(Resource.ROOM);
          Behavior<Room.Command> actor =
              Behaviors.setup(
                  context ->
                      Behaviors.withTimers(
                          timers ->
                              new RoomActor(context, timers, shard, name, room, with).begin()));
          return Behaviors.supervise(actor)
              .onFailure(SupervisorStrategy.restart().withLimit(RESTARTS_MAX, RESTARTS_WITHIN));
        });
  }

  private Behavior<Room.Command> begin() {
    if (room.assembly == null) {
      draw();
      return Behaviors.receive((ignored, command) -> whileNumbering(command), this::onSignal);
    }
    room.assembly.halls().forEach(hall -> context.watch(hall.seat.session()));
    lookAgain();
    return open();
  }

  private void draw() {
    room.drawing = true;
    context.pipeToSelf(
        with.terms().get(), (term, failure) -> new Numbered(failure == null ? term : 0));
  }

  // ---- numbering

  /** Who looks for the room waits; nobody else can know it yet. */
  private Behavior<Room.Command> whileNumbering(Room.Command command) {
    return switch (command) {
      case Room.Resolve resolve -> {
        // Who asks also asks again: what finds no room is dropped like a lost message.
        if (room.asking.size() < with.settings().waitingMax()) {
          room.asking.add(resolve.replyTo());
        }
        yield Behaviors.same();
      }
      case Numbered numbered -> numbered.term() == 0 ? giveUp() : found(numbered.term());
      case Room.Stop stop -> Behaviors.stopped();
      case Tick tick -> Behaviors.same();
      case Room.Publish _, Room.Join _, Room.Turn _ -> Behaviors.unhandled();
      case Room.Report _, Room.Heard _, Room.Ask _ -> Behaviors.unhandled();
    };
  }

  private Behavior<Room.Command> giveUp() {
    for (ActorRef<SessionInput> asking : room.asking) {
      asking.tell(new Room.Unavailable(name, Refusal.STORE_UNAVAILABLE));
    }
    return Behaviors.stopped();
  }

  private Behavior<Room.Command> found(long term) {
    room.drawing = false;
    room.assembly = new Assembly(with.settings().policy(name), term << COUNT_BITS);
    room.termEnd = (term + 1 << COUNT_BITS) - 1;
    room.rate = new RateLimit(with.settings().sendsPerSecond(), with.settings().sendsBurst());
    room.asking.forEach(asking -> asking.tell(new Room.Found(name, context.getSelf())));
    room.asking.clear();
    lookAgain();
    return open();
  }

  // ---- open

  private Behavior<Room.Command> open() {
    return Behaviors.receive((ignored, command) -> whileOpen(command), this::onSignal);
  }

  private Behavior<Room.Command> whileOpen(Room.Command command) {
    switch (command) {
      case Room.Publish publish -> onPublish(publish);
      case Room.Heard heard -> onHeard(heard);
      case Room.Join join -> onJoin(join);
      case Room.Turn turn -> onTurn(turn);
      case Room.Report report -> onReport(report);
      case Room.Ask ask -> onAsk(ask);
      case Room.Resolve resolve -> resolve.replyTo().tell(new Room.Found(name, context.getSelf()));
      case Numbered numbered -> onNumbered(numbered.term());
      case Tick tick -> onTick();
      case Room.Stop stop -> {
        tellHalls(new Room.Closing(name));
        return Behaviors.stopped();
      }
    }
    return Behaviors.same();
  }

  private void onPublish(Room.Publish publish) {
    Mail.Delivery message = publish.message();
    long now = with.nanos().getAsLong();
    giveCreditBack(publish);
    if (!room.rate.take(now)) {
      refuse(message, Refusal.TOO_FAST, room.rate.retryAfterMs(now));
      return;
    }
    if (!hasNumber()) {
      refuse(message, Refusal.STORE_UNAVAILABLE, 1000);
      return;
    }
    Mail.Delivery placed = room.assembly.place(message, now);
    with.meters().count(Meter.ROOM_MESSAGES);
    for (Hall hall : room.assembly.halls()) {
      if (hall.members > 0) {
        copyTo(hall, placed);
      }
    }
    if (message.confirm() != Confirmation.NONE) {
      with.tell(message.sender(), Room.accepted(message));
    }
  }

  private boolean hasNumber() {
    if (room.assembly.seq() < room.termEnd - NEXT_TERM_AT) {
      return true;
    }
    if (room.nextTerm == 0 && !room.drawing) {
      draw();
    }
    if (room.assembly.seq() >= room.termEnd && room.nextTerm != 0) {
      room.assembly.raise(room.nextTerm << COUNT_BITS);
      room.termEnd = (room.nextTerm + 1 << COUNT_BITS) - 1;
      room.nextTerm = 0;
    }
    return room.assembly.seq() < room.termEnd;
  }

  private void onNumbered(long term) {
    room.drawing = false;
    room.nextTerm = term;
  }

  private void copyTo(Hall hall, Mail.Delivery placed) {
    if (!hall.offer(placed, with.settings().creditBytes())) {
      with.meters().dropped(Drop.QUEUE_FULL, hall.members);
    } else if (with.crossings().take(placed.weight())) {
      with.tell(hall.seat, new Room.Copy(name, placed, hall.takeMissed(), true));
    } else {
      hall.withdraw(placed);
      with.meters().dropped(Drop.BUDGET, hall.members);
    }
  }

  /** What a hall has sent is taken, whatever becomes of it. */
  private void giveCreditBack(Room.Publish publish) {
    Hall hall = hall(publish.hall());
    long bytes = hall.took(publish.weight(), with.settings().creditBytes() / 64);
    if (bytes > 0) {
      with.tell(hall.seat, new Room.Taken(name, bytes));
    }
  }

  private void refuse(Mail.Delivery message, Refusal refusal, int retryAfterMs) {
    with.meters().dropped(Drop.ROUTE_FULL, 1);
    if (message.confirm() != Confirmation.NONE) {
      with.tell(
          message.sender(), new Mail.Refused(message.id(), message.n(), refusal, retryAfterMs));
    }
  }

  private void onHeard(Room.Heard heard) {
    Hall hall = room.assembly.knownHall(heard.hall());
    if (hall != null) {
      hall.heard(heard.bytes());
    }
  }

  private void onJoin(Room.Join join) {
    hall(join.hall());
    Assembly.Entry entry =
        room.assembly.join(join, with.nanos().getAsLong(), with.clock().millis());
    switch (entry) {
      case Assembly.Turned turned ->
          with.tell(join.hall(), new Room.Turned(name, join.session(), turned.refusal()));
      case Assembly.Admitted admitted -> {
        with.meters().count(Meter.ROOM_JOINS);
        list(join.hall(), join.session(), join.id());
        boolean whole = admitted.replay().whole();
        with.tell(
            join.hall(), new Room.Joined(name, join.session(), join.round(), admitted.at(), whole));
        for (Mail.Delivery message : admitted.replay().messages()) {
          with.tell(join.hall(), new Room.Replayed(name, join.session(), message));
        }
        changed();
      }
    }
  }

  private void onTurn(Room.Turn turn) {
    long deadline = with.nanos().getAsLong() + with.settings().moveTimeout().toNanos();
    room.assembly.step(turn.member(), turn.session(), turn.step(), deadline);
    changed();
  }

  private void onReport(Room.Report report) {
    hall(report.hall());
    History.Replay missed = room.assembly.report(report, with.clock().millis());
    for (Mail.Delivery message : missed.messages()) {
      copyTo(hall(report.hall()), message);
    }
    changed();
  }

  private void onAsk(Room.Ask ask) {
    list(ask.hall(), ask.session(), ask.id());
  }

  private void list(Seat hall, Seat session, String id) {
    List<List<Frame.Member>> pages = room.assembly.pages();
    for (int i = 0; i < pages.size(); i++) {
      boolean more = i < pages.size() - 1;
      with.tell(hall, new Room.Members(name, session, pages.get(i), more, id));
    }
  }

  /**
   * Members have changed: the others are told after a while, together with what comes meanwhile.
   */
  private void changed() {
    with.census().count(name, room.assembly.size());
    if (!room.assembly.changes().isEmpty() || room.assembly.hasMoving()) {
      Duration batch = with.settings().presenceBatch(room.assembly.size());
      if (!timers.isTimerActive(Due.CHANGES)) {
        timers.startSingleTimer(Due.CHANGES, new Tick(), batch);
      }
    }
  }

  private void tellChanges() {
    if (room.assembly.size() > with.settings().presenceMaxMembers()) {
      room.assembly.changes().forget();
    }
    for (Changes.Batch batch : room.assembly.changes().take()) {
      tellHalls(new Room.Changed(name, batch.event(), batch.reason(), batch.members()));
    }
  }

  private void tellHalls(Room.Notice notice) {
    for (Hall hall : room.assembly.halls()) {
      with.tell(hall.seat, notice);
    }
  }

  private void onTick() {
    long now = with.nanos().getAsLong();
    room.assembly.tick(now);
    tellChanges();
    with.census().count(name, room.assembly.size());
    if (room.assembly.isVacant(now)) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
    if (room.assembly.hasMoving()) {
      changed();
    }
    if (!timers.isTimerActive(Due.VACANCY)) {
      lookAgain();
    }
  }

  private void lookAgain() {
    timers.startSingleTimer(Due.VACANCY, new Tick(), with.settings().vacantFor());
  }

  private Hall hall(Seat seat) {
    Hall known = room.assembly.knownHall(seat);
    if (known != null) {
      return known;
    }
    context.watch(seat.session());
    return room.assembly.hall(seat);
  }

  private Behavior<Room.Command> onSignal(ActorContext<Room.Command> ignored, Signal signal) {
    switch (signal) {
      case Terminated gone -> {
        if (room.assembly != null) {
          room.assembly.lose(gone.getRef()::equals);
          changed();
        }
      }
      case PreRestart crash -> with.meters().count(Meter.CRASHES);
      case PostStop end -> {
        with.census().forget(name);
        with.ledger().closed(Resource.ROOM);
      }
      case Signal other -> {
        return Behaviors.unhandled();
      }
    }
    return Behaviors.same();
  }
}
