package io.peerhub.routing;

import io.peerhub.delivery.Budget;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What a send costs beside the tell that it ends in, on one loop; by hand, not in the build: the
 * same messages are told directly and sent by identity, to few receivers and to many in turn.
 */
final class RoutesBenchmark {
  private static final int ROUND = 1_000;
  private static final int ROUNDS = 3_000;

  private final ActorTestKit kit = ActorTestKit.create(Loops.CONFIG);
  private final ActorRef<Loops.Run> loop = Loops.runner(kit, 0);
  private final Ledger ledger = new Ledger();
  private final ActorRef<SessionInput> session =
      kit.spawn(Behaviors.<SessionInput>ignore(), Loops.loop(0));

  public static void main(String[] args) {
    RoutesBenchmark benchmark = new RoutesBenchmark();
    for (int receivers : new int[] {100, 10_000}) {
      benchmark.compare(receivers);
    }
    benchmark.kit.shutdownTestKit();
  }

  private void compare(int receivers) {
    Routes routes = routes(receivers);
    Mail.Delivery[] mail = new Mail.Delivery[receivers];
    for (int i = 0; i < receivers; i++) {
      mail[i] = Loops.mail("peer-" + receivers + "-" + i, i, null);
    }
    for (Mail.Delivery each : mail) {
      run(() -> routes.send(each));
    }
    while (ledger.live(Resource.ROUTE) < receivers) {
      Thread.onSpinWait();
    }
    int[] at = {0};
    for (int i = 0; i < 3; i++) {
      double tell = measure(() -> session.tell(mail[at[0]++ % receivers]));
      double send = measure(() -> routes.send(mail[at[0]++ % receivers]));
      System.out.printf("%d receivers: tell %.1f ns, send %.1f ns%n", receivers, tell, send);
    }
  }

  /**
   * The median of the rounds, so that a busy machine does not count. Only what the sender pays: the
   * mailbox is emptied between the rounds, out of the clock.
   */
  private double measure(Runnable step) {
    long[] nanos = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      int now = round;
      run(
          () -> {
            long start = System.nanoTime();
            for (int i = 0; i < ROUND; i++) {
              step.run();
            }
            nanos[now] = System.nanoTime() - start;
          });
    }
    Arrays.sort(nanos);
    return (double) nanos[ROUNDS / 2] / ROUND;
  }

  private Routes routes(int receivers) {
    ActorRef<Peer.Command> peers =
        kit.spawn(
            Behaviors.receiveMessage(
                command -> {
                  Peer.Resolve resolve = (Peer.Resolve) command;
                  resolve
                      .replyTo()
                      .tell(new Peer.Resolved(resolve.identity(), new Seat(session, 0), 1));
                  return Behaviors.same();
                }));
    RoutingSettings few = Loops.SETTINGS;
    RoutingSettings settings =
        new RoutingSettings(
            20_000,
            few.maxHeldMessages(),
            few.maxHeldBytes(),
            few.maxHeldBytesPerLoop(),
            few.askAgainAfter(),
            few.askCountMax(),
            few.fenceTimeout(),
            few.link());
    return Loops.start(
        kit,
        0,
        new RoutingParts(
            settings,
            () -> null,
            new Budget(64 << 20),
            peers,
            List::of,
            anybody -> true,
            System::nanoTime,
            new Meters(),
            ledger));
  }

  private void run(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.tell(
        new Loops.Run(
            () -> {
              task.run();
              done.complete(null);
            }));
    done.join();
  }
}
