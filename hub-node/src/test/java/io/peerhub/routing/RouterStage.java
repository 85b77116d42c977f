package io.peerhub.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.delivery.Budget;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A router on a loop of its own, with probes for everybody it talks to and time by hand. */
class RouterStage {
  final AtomicLong nanos = new AtomicLong();
  final Meters meters = new Meters();
  final Ledger ledger = new Ledger();

  /** Of whom the store has said that there is nobody. */
  final Set<Identity> nobodies = ConcurrentHashMap.newKeySet();

  ActorTestKit kit;
  ManualTime time;
  TestProbe<Peer.Command> peers;
  TestProbe<Roster.Command> roster;
  TestProbe<SessionInput> sender;
  Seat senderSeat;
  ActorRef<Loops.Run> loop;
  Routes routes;

  @BeforeEach
  void start() {
    start(Loops.SETTINGS);
  }

  void start(RoutingSettings settings) {
    kit = ActorTestKit.create(ManualTime.config().withFallback(Loops.CONFIG));
    time = ManualTime.get(kit.system());
    peers = kit.createTestProbe();
    roster = kit.createTestProbe();
    sender = kit.createTestProbe();
    senderSeat = new Seat(sender.ref(), 0);
    loop = Loops.runner(kit, 0);
    routes =
        Loops.start(
            kit,
            0,
            new RoutingParts(
                settings,
                () -> null,
                new Budget(64 << 20),
                peers.ref(),
                () -> List.of(roster.ref()),
                identity -> !nobodies.contains(identity),
                nanos::get,
                meters,
                ledger));
  }

  void restart(RoutingSettings settings) {
    stop();
    start(settings);
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  void list(List<Identity> found) {
    Roster.Find find = roster.expectMessageClass(Roster.Find.class);
    find.replyTo().tell(new Roster.Found(find.name(), "node", found));
  }

  boolean heldIsFenced(String identity) {
    return fenceOf(identity) != Route.NONE;
  }

  long fenceOf(String identity) {
    TestProbe<Long> token = kit.createTestProbe();
    onLoop(() -> token.ref().tell(routes.table.get(new Identity(identity)).fence()));
    return token.receiveMessage();
  }

  void send(String to, int first, int last) {
    onLoop(
        () -> {
          for (int n = first; n <= last; n++) {
            routes.send(Loops.mail(to, n, senderSeat));
          }
        });
  }

  void send(String to, int n, Confirmation confirm) {
    onLoop(() -> routes.send(Loops.mail(to, n, senderSeat, confirm)));
  }

  void answer(TestProbe<SessionInput> session, long epoch) {
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(Loops.seated(question, session.ref(), epoch));
  }

  void answerOffline() {
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(new Peer.Resolved(question.identity(), null, 0));
  }

  void moved(TestProbe<SessionInput> from, TestProbe<SessionInput> to, long epoch) {
    notice(
        new RouteNotice.Moved(
            new Identity("bob"), new Seat(from.ref(), 0), new Seat(to.ref(), 0), epoch));
  }

  void notice(RouteNotice notice) {
    onLoop(() -> routes.tellLoop(LoopKey.of(senderSeat), notice));
  }

  /** A task on the loop, and whatever the loop gave itself to do by it. */
  void onLoop(Runnable task) {
    loop.tell(new Loops.Run(task));
    awaitLoop();
  }

  void pass(Duration duration) {
    for (long left = duration.toMillis(); left > 0; left -= 500) {
      awaitLoop();
      nanos.addAndGet(Duration.ofMillis(500).toNanos());
      time.timePasses(Duration.ofMillis(500));
      awaitLoop();
    }
  }

  void awaitLoop() {
    Loops.settle(kit.system(), 0);
  }

  /** The loop has done what it was given, and has told a probe nothing more. */
  void expectNothing(TestProbe<?> probe) {
    awaitLoop();
    ActorKit.assertSilent(probe);
  }

  static void expect(TestProbe<SessionInput> session, int first, int last) {
    for (int n = first; n <= last; n++) {
      assertThat(session.expectMessageClass(Mail.Delivery.class).n()).isEqualTo(n);
    }
  }
}
