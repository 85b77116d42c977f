package io.peerhub.routing;

import static io.peerhub.Patience.PATIENCE;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.ActorKit;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Confirmation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Dispatchers of one thread each, as event loops are, and what runs on them. */
final class Loops {
  static final LinkSettings LINK =
      new LinkSettings(
          4 << 20, 16 << 20, 64 << 10, 16 << 20, Duration.ofSeconds(1), Duration.ofSeconds(30));

  static final RoutingSettings SETTINGS =
      new RoutingSettings(
          1_000, 1_000, 1 << 20, 16 << 20, Duration.ofSeconds(2), 3, Duration.ofSeconds(5), LINK);

  private static final String LOOP =
      """
      { type = Dispatcher, executor = thread-pool-executor, throughput = 64,
        thread-pool-executor { fixed-pool-size = 1 } }
      """;

  static final Config CONFIG =
      ConfigFactory.parseString(
              "peerhub.loop { 0 = %s, 1 = %s }\npekko.log-dead-letters = off\n"
                  .formatted(LOOP, LOOP))
          .withFallback(ActorKit.PATIENT);

  /** Runs a task on the loop, as a session would. */
  record Run(Runnable task) {}

  /** A session tells the router, which tells a link, which is flushed, which wakes its clock. */
  private static final int TURNS = 5;

  /** Waits until a loop has done what it was given before, and what it gave itself by that. */
  static void settle(ActorSystem<?> system, int loop) {
    Executor executor = system.dispatchers().lookup(loop(loop));
    for (int turn = 0; turn < TURNS; turn++) {
      CompletableFuture.runAsync(() -> {}, executor)
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    }
  }

  static DispatcherSelector loop(int index) {
    return DispatcherSelector.fromConfig("peerhub.loop." + index);
  }

  /** Starts the routing of a loop. */
  static Routes start(ActorTestKit kit, int loop, RoutingParts parts) {
    ActorRef<ActorRef<Routes>> starter =
        kit.spawn(
            Behaviors.setup(
                context -> {
                  Routes routes = Router.start(context, loop, parts);
                  return Behaviors.receiveMessage(
                      (ActorRef<Routes> replyTo) -> {
                        replyTo.tell(routes);
                        return Behaviors.same();
                      });
                }));
    return AskPattern.<ActorRef<Routes>, Routes>ask(
            starter, replyTo -> replyTo, PATIENCE, kit.scheduler())
        .toCompletableFuture()
        .join();
  }

  static ActorRef<Run> runner(ActorTestKit kit, int loop) {
    Behavior<Run> runner =
        Behaviors.receiveMessage(
            run -> {
              run.task().run();
              return Behaviors.same();
            });
    return kit.spawn(runner, loop(loop));
  }

  static Mail.Delivery mail(String to, long n, Seat sender) {
    return mail(to, n, sender, Confirmation.NONE);
  }

  static Mail.Delivery mail(String to, long n, Seat sender, Confirmation confirm) {
    return Deliveries.to(to).numbered(n).confirm(confirm).answeredAt(sender).make();
  }

  static Peer.Resolved seated(Peer.Resolve question, ActorRef<SessionInput> session, long epoch) {
    return new Peer.Resolved(question.identity(), new Seat(session, 0), epoch);
  }

  private Loops() {}
}
