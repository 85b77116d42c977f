package io.peerhub.mailbox;

import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks in the database for mail, for all of a node ("Table" shape): whether some waits for a
 * session that has just begun, so that a peer without mail needs no mailbox; in which mailboxes
 * something falls due while nobody is there; and whether the journal has to go on in its next slot.
 * One question is under way of each kind, for all that asked meanwhile. While the database is away
 * the questions wait.
 */
public final class MailRounds {
  /** What it hears. */
  public sealed interface Command {}

  /** A session has begun: it hears {@link Mailbox.Waiting} if mail waits for its peer. */
  public record Arrived(Identity owner, ActorRef<SessionInput> session) implements Command {}

  private record Found(Map<Identity, ActorRef<SessionInput>> asked, Set<String> withMail)
      implements Command {}

  private record NotFound(Map<Identity, ActorRef<SessionInput>> asked) implements Command {}

  private record Round() implements Command {}

  private record Due(Set<String> owners) implements Command {}

  private record Turn() implements Command {}

  private record Turned() implements Command {}

  private static final Logger LOG = LoggerFactory.getLogger(MailRounds.class);
  private static final Duration TURN_EVERY = Duration.ofSeconds(30);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
  private static final int ASK_MAX = 1_000;
  private static final int DUE_MAX = 1_000;

  /** Who was woken and did not write is found again after this. */
  private static final long WOKEN_MS = 60_000;

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final MailboxCollaborators with;
  private final Map<Identity, ActorRef<SessionInput>> arrived = new HashMap<>();
  private boolean asking;

  private MailRounds(
      ActorContext<Command> context, TimerScheduler<Command> timers, MailboxCollaborators with) {
    this.context = context;
    this.timers = timers;
    this.with = with;
  }

  /** For one node. */
  public static Behavior<Command> create(MailboxCollaborators with) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new MailRounds(context, timers, with).rounds()));
  }

  private Behavior<Command> rounds() {
    nextRound();
    turn();
    return Behaviors.receiveMessage(
        command -> {
          switch (command) {
            case Arrived one -> {
              arrived.put(one.owner(), one.session());
              ask();
            }
            case Found found -> onFound(found);
            case NotFound failed -> onNotFound(failed.asked());
            case Round round -> look();
            case Due due -> onDue(due.owners());
            case Turn turn -> turn();
            case Turned turned -> timers.startSingleTimer(new Turn(), TURN_EVERY);
          }
          return Behaviors.same();
        });
  }

  // ---- who has just come

  private void ask() {
    if (asking || arrived.isEmpty()) {
      return;
    }
    asking = true;
    Map<Identity, ActorRef<SessionInput>> asked = new HashMap<>();
    for (var all = arrived.entrySet().iterator(); all.hasNext() && asked.size() < ASK_MAX; ) {
      var one = all.next();
      asked.put(one.getKey(), one.getValue());
      all.remove();
    }
    List<String> owners = asked.keySet().stream().map(Identity::text).toList();
    context.pipeToSelf(
        query(store -> store.reader().withMail(owners)),
        (found, failure) -> failure == null ? new Found(asked, found) : new NotFound(asked));
  }

  private void onFound(Found found) {
    asking = false;
    found
        .asked()
        .forEach(
            (owner, session) -> {
              if (found.withMail().contains(owner.text())) {
                session.tell(new Mailbox.Waiting(owner));
              }
            });
    ask();
  }

  private void onNotFound(Map<Identity, ActorRef<SessionInput>> asked) {
    asking = false;
    asked.forEach(arrived::putIfAbsent);
    timers.startSingleTimer(new Round(), ASK_AGAIN);
  }

  // ---- what falls due

  private void nextRound() {
    timers.startSingleTimer(new Round(), with.settings().roundEvery());
  }

  private void look() {
    ask();
    long now = with.clock().millis();
    context.pipeToSelf(
        query(store -> store.reader().due(now, WOKEN_MS, DUE_MAX)),
        (owners, failure) -> new Due(failure == null ? owners : Set.of()));
  }

  private void onDue(Set<String> owners) {
    owners.forEach(owner -> with.others().accept(new Mailbox.Wake(new Identity(owner))));
    nextRound();
  }

  /** The journal goes on in its next slot, when that is due. */
  private void turn() {
    long now = with.clock().millis();
    context.pipeToSelf(
        query(store -> store.ring().turnIfDue(now)),
        (turned, failure) -> {
          if (failure != null) {
            LOG.warn("the journal cannot be turned for now: {}", failure.getMessage());
          }
          return new Turned();
        });
  }

  @FunctionalInterface
  private interface Query<T> {
    T ask(MailStore store) throws SQLException;
  }

  private <T> CompletionStage<T> query(Query<T> query) {
    return with.store()
        .thenApplyAsync(
            store -> {
              try {
                return query.ask(store);
              } catch (SQLException away) {
                throw new CompletionException(away);
              }
            },
            with.blocking());
  }
}
