package io.peerhub.mailbox;

import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.MailboxDesk;
import io.peerhub.mailbox.Mailbox.Command;
import io.peerhub.mailbox.Mailbox.Request;
import io.peerhub.persistence.journal.JournalWrite.Outcome;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailbox of one identity ("Phases" shape; a sharded entity).
 *
 * <p>It guarantees that nothing is confirmed, acknowledged or given out before the row that says so
 * is on disk, and that there is one writer: it journals that it has become the one before it
 * serves, and who cannot write the next row any more ends. One row is under way at a time; what
 * comes meanwhile goes with the next.
 *
 * <pre>
 *   loading -> activating -> serving -> (asleep)
 *      |           |            +-> over: fenced by another, or the row is refused for good
 *      |           +-> loading (another one was quicker)
 *      +-> aside (its rows cannot be understood: an operator has to look)
 * </pre>
 */
public final class MailboxActor {
  /** What a mailbox tells itself. */
  sealed interface Private extends Command {}

  record Loaded(MailboxDesk desk) implements Private {}

  record NotLoaded(Throwable why) implements Private {}

  record Termed(long term) implements Private {}

  record NotTermed() implements Private {}

  record Written(Outcome outcome) implements Private {
    static Written of(Outcome outcome, Throwable failure) {
      return new Written(failure == null ? outcome : Outcome.REFUSED);
    }
  }

  record ReadBack(Map<Long, Letter> letters, Throwable failure) implements Private {}

  record ReadAgain() implements Private {}

  record Tick() implements Private {}

  record LoadAgain() implements Private {}

  private static final Logger LOG = LoggerFactory.getLogger(MailboxActor.class);
  private static final Duration LOAD_AGAIN = Duration.ofSeconds(1);
  private static final Duration ASIDE = Duration.ofSeconds(60);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final StashBuffer<Command> waiting;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Identity owner;
  private final MailboxCollaborators with;
  private MailboxDesk desk;
  private Shelf shelf;

  private MailboxActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      StashBuffer<Command> waiting,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Identity owner,
      MailboxCollaborators with) {
    this.context = context;
    this.timers = timers;
    this.waiting = waiting;
    this.shard = shard;
    this.owner = owner;
    this.with = with;
  }

  /** The mailbox of this identity. */
  public static Behavior<Command> create(
      Identity owner, ActorRef<ClusterSharding.ShardCommand> shard, MailboxCollaborators with) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.withStash(
                        with.settings().waitingMax(),
                        stash -> {
                          with.ledger().opened(Resource.MAILBOX);
                          return new MailboxActor(context, timers, stash, shard, owner, with)
                              .load();
                        })));
  }

  // ---- loading

  private Behavior<Command> load() {
    shelf = new Shelf(owner, with);
    context.pipeToSelf(
        shelf.load(),
        (loaded, failure) -> failure == null ? new Loaded(loaded) : new NotLoaded(failure));
    return loading();
  }

  /** Its rows are read; everything else waits. */
  private Behavior<Command> loading() {
    return phase(
        command ->
            switch (command) {
              case Loaded loaded -> onLoaded(loaded.desk());
              case NotLoaded failed -> onNotLoaded(failed.why());
              case LoadAgain again -> load();
              case Request request -> wait(request);
              case Mailbox.Stop stop -> stopNow();
              case Private late -> Behaviors.same();
            });
  }

  private Behavior<Command> onLoaded(MailboxDesk loaded) {
    desk = loaded;
    context.pipeToSelf(
        with.terms().get(),
        (term, failure) -> failure == null ? new Termed(term) : new NotTermed());
    return activating();
  }

  private Behavior<Command> onNotLoaded(Throwable why) {
    switch (Shelf.causeOf(why)) {
      case Shelf.SetAside aside -> {
        LOG.error("The mailbox of {} is set aside: {}", owner.text(), aside.getMessage());
        waiting.forEach(this::refuse);
        waiting.clear();
        return aside();
      }
      case Throwable passing -> {
        LOG.warn("The mailbox of {} cannot be read for now: {}", owner.text(), passing.toString());
        waiting.forEach(this::refuse);
        waiting.clear();
        timers.startSingleTimer(new LoadAgain(), LOAD_AGAIN);
        return loading();
      }
    }
  }

  private Behavior<Command> wait(Request request) {
    if (waiting.isFull()) {
      refuse(request);
    } else {
      waiting.stash(request);
    }
    return Behaviors.same();
  }

  private void refuse(Command command) {
    if (command instanceof Mailbox.Post post) {
      Lots.refuse(post);
    }
  }

  // ---- activating

  /** That it is the one has to be on disk before anybody is answered. */
  private Behavior<Command> activating() {
    return phase(
        command ->
            switch (command) {
              case Termed termed -> {
                long now = with.clock().millis();
                desk.activate(termed.term(), with.node(), now);
                context.pipeToSelf(shelf.write(desk, now), Written::of);
                yield Behaviors.same();
              }
              case NotTermed failed -> {
                timers.startSingleTimer(new LoadAgain(), LOAD_AGAIN);
                yield Behaviors.same();
              }
              case LoadAgain again -> onLoaded(desk);
              case Written written -> onActivated(written.outcome());
              case Request request -> wait(request);
              case Mailbox.Stop stop -> stopNow();
              case Private late -> Behaviors.same();
            });
  }

  private Behavior<Command> onActivated(Outcome outcome) {
    return switch (outcome) {
      case COMMITTED -> {
        desk.committed();
        yield waiting.unstashAll(
            new Serving(context, timers, shard, owner, with, desk, shelf).serve());
      }
      // Somebody else wrote between: what it wrote has to be read first.
      case FENCED -> load();
      case REFUSED, CLOSED -> stopNow();
    };
  }

  // ---- aside, and the end

  /** Nobody is served until an operator has looked; nobody's message is taken for it either. */
  private Behavior<Command> aside() {
    timers.startSingleTimer(new Tick(), ASIDE);
    return phase(
        command ->
            switch (command) {
              case Mailbox.Stop stop -> stopNow();
              case Request request -> {
                refuse(request);
                yield Behaviors.same();
              }
              case Tick tick -> {
                shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
                yield Behaviors.same();
              }
              case Private late -> Behaviors.same();
            });
  }

  private Behavior<Command> stopNow() {
    return Behaviors.stopped();
  }

  private Behavior<Command> phase(Function<Command, Behavior<Command>> onCommand) {
    return Behaviors.receive((ignored, command) -> onCommand.apply(command), this::onSignal);
  }

  private Behavior<Command> onSignal(ActorContext<Command> ignored, Signal signal) {
    return switch (signal) {
      case PostStop end -> {
        with.ledger().closed(Resource.MAILBOX);
        if (desk != null) {
          desk.release();
        }
        yield Behaviors.same();
      }
      case Signal other -> Behaviors.unhandled();
    };
  }
}
