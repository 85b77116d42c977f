package io.peerhub.cluster;

import io.peerhub.cluster.FormingSettings.ByDatabase;
import io.peerhub.persistence.rendezvous.Rendezvous;
import io.peerhub.persistence.rendezvous.Sighting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's belonging to the cluster on its database, from the first look until it ends ("Watch"
 * shape). One call to the database is under way at a time, on a virtual thread.
 */
public final class Membership {
  /** What this actor hears; all of it comes from itself. */
  public sealed interface Command {}

  private record Look() implements Command {}

  private record Looked(Sighting seen) implements Command {}

  private record Founded(Optional<UUID> cluster) implements Command {}

  private record Up() implements Command {}

  private record Enroll() implements Command {}

  private record Enrolled(boolean taken) implements Command {}

  private record Renew() implements Command {}

  private record Renewed(boolean taken, int struckOut) implements Command {}

  private record Lost(String address, long uid) implements Command {}

  private record Away(Command again, String why) implements Command {}

  /** What it says. */
  public sealed interface Outcome {}

  /** This node is up, and entered: it may open. Said once. */
  public record Admitted(UUID cluster) implements Outcome {}

  /** Another cluster was founded: this node must end. Said once, and last. */
  public record Expelled(String why) implements Outcome {}

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final long NOBODY = 0;
  private static final Executor WAITING = task -> Thread.ofVirtual().name("rendezvous").start(task);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Rendezvous rendezvous;
  private final Duration interval;
  private final ActorRef<Outcome> listener;
  private final Cluster cluster;
  private final String self;
  private final long uid;
  private final Founding founding;
  private final List<Lost> lostOnes = new ArrayList<>(0);
  private List<String> asked = List.of();
  private UUID joined;
  private boolean up;
  private boolean away;
  private boolean waits;

  private Membership(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Rendezvous rendezvous,
      ByDatabase settings,
      ActorRef<Outcome> listener) {
    this.context = context;
    this.timers = timers;
    this.rendezvous = rendezvous;
    this.interval = settings.renewEvery();
    this.listener = listener;
    this.cluster = Cluster.get(context.getSystem());
    this.self = cluster.selfMember().address().toString();
    this.uid = cluster.selfMember().uniqueAddress().longUid();
    this.founding = new Founding(self, interval);
  }

  /**
   * @param rendezvous is used by this actor alone until that has ended, and not closed by it
   * @param listener hears what becomes of it
   */
  public static Behavior<Command> create(
      Rendezvous rendezvous, ByDatabase settings, ActorRef<Outcome> listener) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Membership(context, timers, rendezvous, settings, listener).begin()));
  }

  private Behavior<Command> begin() {
    ActorRef<SelfUp> ups = context.messageAdapter(SelfUp.class, ignored -> new Up());
    cluster.subscriptions().tell(Subscribe.create(ups, SelfUp.class));
    ActorRef<MemberRemoved> removals =
        context.messageAdapter(MemberRemoved.class, Membership::lost);
    cluster.subscriptions().tell(Subscribe.create(removals, MemberRemoved.class));
    look();
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Look ignored -> look();
              case Looked looked -> act(founding.decide(looked.seen(), System.nanoTime()));
              case Founded founded -> founded(founded.cluster());
              case Up ignored -> {
                up = true;
                yield Behaviors.same();
              }
              case Enroll ignored -> enroll();
              case Enrolled enrolled -> enrolled.taken() ? admitted() : expelled();
              case Renew ignored -> renew();
              case Renewed renewed ->
                  renewed.taken() ? renewedAgain(renewed.struckOut()) : expelled();
              case Lost lost -> {
                // One that left in order takes its row away itself.
                if (lost.uid() != NOBODY) {
                  lostOnes.add(lost);
                }
                yield Behaviors.same();
              }
              case Away failed -> retry(failed);
            });
  }

  private Behavior<Command> look() {
    if (up && joined != null) {
      return enroll();
    }
    return ask(new Look(), () -> rendezvous.look(true), Looked::new);
  }

  private Behavior<Command> act(Founding.Decision decision) {
    switch (decision) {
      case Founding.Join join -> join(join);
      case Founding.Found found -> {
        return ask(new Look(), () -> rendezvous.found(found.seen()), Founded::new);
      }
      case Founding.LookAgain ignored -> sayThatItWaits();
    }
    return later(new Look(), interval.dividedBy(10));
  }

  private void sayThatItWaits() {
    if (!waits) {
      waits = true;
      LOG.info("waits whether any node that was here says that it still is, or another founds");
    }
  }

  private void join(Founding.Join join) {
    joined = join.cluster();
    // Asking anew begins anew: not for those that came since, only if all that were asked are gone.
    if (asked.stream().noneMatch(join.addresses()::contains)) {
      asked = join.addresses();
      LOG.info("joins the cluster of {}", String.join(", ", asked));
      cluster
          .manager()
          .tell(new JoinSeedNodes(asked.stream().map(AddressFromURIString::parse).toList()));
    }
  }

  private Behavior<Command> founded(Optional<UUID> founded) {
    if (founded.isEmpty()) {
      return look();
    }
    joined = founded.get();
    LOG.info("founds a cluster: nobody else is there");
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return later(new Enroll(), Duration.ofMillis(10));
  }

  /** Only who is up is entered, so that whoever joins what is entered finds somebody. */
  private Behavior<Command> enroll() {
    if (!up) {
      return later(new Enroll(), Duration.ofMillis(10));
    }
    return ask(
        new Enroll(),
        () -> {
          boolean taken = rendezvous.enroll(joined, self, uid);
          rendezvous.unlock();
          return taken;
        },
        Enrolled::new);
  }

  private Behavior<Command> admitted() {
    listener.tell(new Admitted(joined));
    return later(new Renew(), interval);
  }

  private static Command lost(MemberRemoved removed) {
    boolean wasGivenUp = removed.previousStatus().equals(MemberStatus.down());
    UniqueAddress who = removed.member().uniqueAddress();
    return new Lost(who.address().toString(), wasGivenUp ? who.longUid() : NOBODY);
  }

  private Behavior<Command> renew() {
    List<Lost> due = List.copyOf(lostOnes);
    return ask(
        new Renew(),
        () -> {
          for (Lost lost : due) {
            rendezvous.strikeOut(lost.address(), lost.uid());
          }
          return rendezvous.renew();
        },
        taken -> new Renewed(taken, due.size()));
  }

  private Behavior<Command> renewedAgain(int struckOut) {
    lostOnes.subList(0, struckOut).clear();
    if (away) {
      away = false;
      LOG.info("the database is back, and this node still belongs to its cluster");
    }
    return later(new Renew(), interval);
  }

  private Behavior<Command> expelled() {
    listener.tell(
        new Expelled(
            "the others have given this node up, or founded another cluster, while it was frozen or cut off"));
    return Behaviors.empty();
  }

  private Behavior<Command> retry(Away failed) {
    if (!away) {
      away = true;
      LOG.warn("cannot reach the database to meet the other nodes: {}", failed.why());
    }
    return later(failed.again(), interval.dividedBy(4));
  }

  private Behavior<Command> later(Command command, Duration pause) {
    timers.startSingleTimer(command, pause);
    return Behaviors.same();
  }

  private <T> Behavior<Command> ask(Command again, Callable<T> call, Function<T, Command> answer) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(() -> called(call), WAITING),
        (result, failed) ->
            failed == null ? answer.apply(result) : new Away(again, failed.getMessage()));
    return Behaviors.same();
  }

  private static <T> T called(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception failed) {
      throw new CompletionException(failed.getMessage(), failed);
    }
  }
}
