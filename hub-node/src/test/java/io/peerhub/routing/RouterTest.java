package io.peerhub.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.delivery.Budget;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<Peer.Command> peers;
  private TestProbe<Roster.Command> roster;
  private TestProbe<SessionInput> sender;
  private Seat senderSeat;
  private ActorRef<Loops.Run> loop;
  private Routes routes;

  @BeforeEach
  void start() {
    start(Loops.SETTINGS);
  }

  private void start(RoutingSettings settings) {
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
                nanos::get,
                meters,
                ledger));
  }

  private void restart(RoutingSettings settings) {
    stop();
    start(settings);
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void asksOnceAndSendsWhatWaitedInOrder() {
    TestProbe<SessionInput> bob = kit.createTestProbe();
    send("bob", 1, 3);
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    send("bob", 4, 5);
    question.replyTo().tell(Loops.seated(question, bob.ref(), 7));
    expect(bob, 1, 5);
    send("bob", 6, 9);
    expect(bob, 6, 9);
    peers.expectNoMessage(Duration.ofMillis(50));
    assertThat(ledger.live(Resource.ROUTE)).isEqualTo(1);
  }

  @Test
  void tellsTheSenderThatAskedThatTheReceiverIsOffline() {
    send("bob", 1, Confirmation.ACCEPTED);
    send("bob", 2, Confirmation.NONE);
    answerOffline();
    assertThat(sender.receiveMessage()).isEqualTo(new Mail.Refused("id-1", 1, Refusal.OFFLINE, 0));
    sender.expectNoMessage(Duration.ofMillis(50));
    assertThat(meters.sum(Drop.OFFLINE)).isEqualTo(2);
    assertThat(ledger.live(Resource.ROUTE)).isZero();
  }

  @Test
  void asksAgainAndGivesUpWhenNobodyAnswers() {
    send("bob", 1, Confirmation.ACCEPTED);
    for (int i = 0; i < 3; i++) {
      peers.expectMessageClass(Peer.Resolve.class);
      pass(Duration.ofMillis(2_100));
    }
    pass(Duration.ofMillis(300));
    assertThat(sender.receiveMessage())
        .isEqualTo(new Mail.Refused("id-1", 1, Refusal.NO_MAJORITY, 0));
    assertThat(meters.sum(Drop.UNRESOLVED)).isEqualTo(1);
    assertThat(ledger.live(Resource.ROUTE)).isZero();
  }

  @Test
  void refusesWhatHasNoRoomWhileTheSeatIsSought() {
    TestProbe<SessionInput> bob = kit.createTestProbe();
    send("bob", 1, 1_000);
    send("bob", 1_001, Confirmation.ACCEPTED);
    assertThat(sender.receiveMessage())
        .isEqualTo(new Mail.Refused("id-1001", 1001, Refusal.DROPPED, 0));
    answer(bob, 1);
    expect(bob, 1, 1_000);
    assertThat(bob.receiveMessage()).isEqualTo(new Mail.Lost(1, "route full"));
    assertThat(meters.sum(Drop.ROUTE_FULL)).isEqualTo(1);
    send("bob", 1_002, 1_002);
    expect(bob, 1_002, 1_002);
  }

  @Test
  void takesTheTimeThatAMessageWaitedFromItsLife() {
    TestProbe<SessionInput> bob = kit.createTestProbe();
    send("bob", 1, 1);
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    nanos.addAndGet(Duration.ofMillis(700).toNanos());
    question.replyTo().tell(Loops.seated(question, bob.ref(), 1));
    assertThat(bob.expectMessageClass(Mail.Delivery.class).ttlMs()).isEqualTo(29_300);
  }

  @Test
  void holdsNewMailBehindAFenceWhenTheReceiverMoves() {
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    send("bob", 1, 2);
    answer(first, 1);
    expect(first, 1, 2);
    moved(first, second, 2);
    Mail.Fence fence = first.expectMessageClass(Mail.Fence.class);
    send("bob", 3, 5);
    awaitLoop();
    second.expectNoMessage(Duration.ofMillis(50));
    fence.replyTo().tell(new Mail.Fenced(fence.token()));
    expect(second, 3, 5);
    moved(first, second, 2);
    send("bob", 6, 6);
    expect(second, 6, 6);
    first.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aSecondMoveNeedsNoSecondFence() {
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    TestProbe<SessionInput> third = kit.createTestProbe();
    send("bob", 1, 1);
    answer(first, 1);
    expect(first, 1, 1);
    moved(first, second, 2);
    Mail.Fence fence = first.expectMessageClass(Mail.Fence.class);
    moved(second, third, 3);
    send("bob", 2, 2);
    awaitLoop();
    fence.replyTo().tell(new Mail.Fenced(fence.token()));
    expect(third, 2, 2);
    second.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void opensTheNewPathWhenAFenceIsLost() {
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    send("bob", 1, 1);
    answer(first, 1);
    expect(first, 1, 1);
    moved(first, second, 2);
    first.expectMessageClass(Mail.Fence.class);
    send("bob", 2, 2);
    pass(Duration.ofMillis(5_300));
    expect(second, 2, 2);
    assertThat(meters.sum(Meter.FENCES_LOST)).isEqualTo(1);
  }

  @Test
  void whatAnEndedSessionHadNotTakenGoesFirstToItsSuccessor() {
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    send("bob", 1, 1);
    answer(first, 1);
    expect(first, 1, 1);
    first.stop();
    await().until(() -> heldIsFenced("bob"));
    send("bob", 4, 5);
    notice(new RouteNotice.Returned(Loops.mail("bob", 2, senderSeat), first.ref()));
    notice(new RouteNotice.Returned(Loops.mail("bob", 3, senderSeat), first.ref()));
    notice(new RouteNotice.Drained(fenceOf("bob")));
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(Loops.seated(question, first.ref(), 1));
    second.expectNoMessage(Duration.ofMillis(50));
    pass(Duration.ofMillis(2_100));
    answer(second, 2);
    expect(second, 2, 5);
  }

  @Test
  void forgetsTheRouteOfAnEndedSessionThatNobodySendsTo() {
    TestProbe<SessionInput> bob = kit.createTestProbe();
    send("bob", 1, 1);
    answer(bob, 1);
    expect(bob, 1, 1);
    bob.stop();
    await().until(() -> heldIsFenced("bob"));
    notice(new RouteNotice.Drained(fenceOf("bob")));
    await().until(() -> ledger.live(Resource.ROUTE) == 0);
    peers.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void forgetsTheLeastUsedRoutesPastTheLimit() {
    restart(
        new RoutingSettings(
            10,
            1_000,
            1 << 20,
            16 << 20,
            Duration.ofSeconds(2),
            3,
            Duration.ofSeconds(5),
            Loops.LINK));
    TestProbe<SessionInput> everybody = kit.createTestProbe();
    for (int i = 0; i < 200; i++) {
      send("peer-" + i, i, i);
      answer(everybody, 1);
    }
    expect(everybody, 0, 199);
    await().until(() -> ledger.live(Resource.ROUTE) <= 12);
  }

  @Test
  void fencesTheSeatOfAForgottenRouteThatLeadsElsewhereNow() {
    restart(
        new RoutingSettings(
            3,
            1_000,
            1 << 20,
            16 << 20,
            Duration.ofSeconds(2),
            3,
            Duration.ofSeconds(5),
            Loops.LINK));
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    TestProbe<SessionInput> others = kit.createTestProbe();
    send("bob", 1, 1);
    answer(first, 1);
    expect(first, 1, 1);
    for (int i = 0; i < 4; i++) {
      send("other-" + i, i, i);
      answer(others, 1);
    }
    expect(others, 0, 3);
    send("bob", 2, 2);
    answer(second, 2);
    Mail.Fence fence = first.expectMessageClass(Mail.Fence.class);
    fence.replyTo().tell(new Mail.Fenced(fence.token()));
    expect(second, 2, 2);
  }

  @Test
  void sendsToAllDevicesOfANameThatAnyRosterKnows() {
    TestProbe<SessionInput> devices = kit.createTestProbe();
    onLoop(() -> routes.sendToDevices("bob", Loops.mail("bob", 1, senderSeat)));
    onLoop(() -> routes.sendToDevices("bob", Loops.mail("bob", 2, senderSeat)));
    List<Identity> found = List.of(new Identity("bob"), new Identity("bob/phone"));
    list(found);
    answer(devices, 1);
    answer(devices, 1);
    expect(devices, 1, 1);
    expect(devices, 1, 1);
    list(found);
    expect(devices, 2, 2);
    expect(devices, 2, 2);
  }

  @Test
  void aSenderIsSettledWhenNoRouteAndNoSearchHoldsMailOfIt() {
    TestProbe<SessionInput> bob = kit.createTestProbe();
    Mail.Lost settled = new Mail.Lost(0, "settled");
    send("bob", 1, 2);
    onLoop(() -> routes.sendToDevices("bob", Loops.mail("bob", 3, senderSeat)));
    onLoop(() -> routes.settle(new Identity("sender"), sender.ref(), settled));
    onLoop(() -> routes.settle(new Identity("another"), bob.ref(), settled));
    assertThat(bob.receiveMessage()).isEqualTo(settled);
    answer(bob, 1);
    expect(bob, 1, 2);
    sender.expectNoMessage(Duration.ofMillis(50));
    list(List.of(new Identity("bob")));
    expect(bob, 3, 3);
    assertThat(sender.receiveMessage()).isEqualTo(settled);
  }

  @Test
  void aSessionThatMovesGetsNoMoreMailFromItsOwnLoop() {
    TestProbe<SessionInput> first = kit.createTestProbe();
    TestProbe<SessionInput> second = kit.createTestProbe();
    send("bob", 1, 1);
    answer(first, 1);
    expect(first, 1, 1);
    Seat from = new Seat(first.ref(), 0);
    Seat to = new Seat(second.ref(), 0);
    onLoop(() -> routes.forwarder(new Identity("bob"), from, to, 2));
    send("bob", 2, 2);
    Mail.Fence fence = first.expectMessageClass(Mail.Fence.class);
    fence.replyTo().tell(new Mail.Fenced(fence.token()));
    expect(second, 2, 2);
  }

  private void list(List<Identity> found) {
    Roster.Find find = roster.expectMessageClass(Roster.Find.class);
    find.replyTo().tell(new Roster.Found(find.name(), "node", found));
  }

  private boolean heldIsFenced(String identity) {
    return fenceOf(identity) != Route.NONE;
  }

  private long fenceOf(String identity) {
    TestProbe<Long> token = kit.createTestProbe();
    onLoop(() -> token.ref().tell(routes.table.get(new Identity(identity)).fence()));
    return token.receiveMessage();
  }

  private void send(String to, int first, int last) {
    onLoop(
        () -> {
          for (int n = first; n <= last; n++) {
            routes.send(Loops.mail(to, n, senderSeat));
          }
        });
  }

  private void send(String to, int n, Confirmation confirm) {
    onLoop(() -> routes.send(Loops.mail(to, n, senderSeat, confirm)));
  }

  private void answer(TestProbe<SessionInput> session, long epoch) {
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(Loops.seated(question, session.ref(), epoch));
  }

  private void answerOffline() {
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(new Peer.Resolved(question.identity(), null, 0));
  }

  private void moved(TestProbe<SessionInput> from, TestProbe<SessionInput> to, long epoch) {
    notice(
        new RouteNotice.Moved(
            new Identity("bob"), new Seat(from.ref(), 0), new Seat(to.ref(), 0), epoch));
  }

  private void notice(RouteNotice notice) {
    onLoop(() -> routes.tellLoop(LoopKey.of(senderSeat), notice));
  }

  private void onLoop(Runnable task) {
    loop.tell(new Loops.Run(task));
  }

  private void pass(Duration duration) {
    for (long left = duration.toMillis(); left > 0; left -= 500) {
      awaitLoop();
      nanos.addAndGet(Duration.ofMillis(500).toNanos());
      time.timePasses(Duration.ofMillis(500));
      awaitLoop();
    }
  }

  private void awaitLoop() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(() -> done.complete(null));
    done.orTimeout(3, TimeUnit.SECONDS).join();
  }

  private static void expect(TestProbe<SessionInput> session, int first, int last) {
    for (int n = first; n <= last; n++) {
      assertThat(session.expectMessageClass(Mail.Delivery.class).n()).isEqualTo(n);
    }
  }
}
