package io.peerhub.routing;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What becomes of a route: sought, open, fenced, forgotten. */
class RouterTest extends RouterStage {
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
    expectNothing(peers);
    assertThat(ledger.live(Resource.ROUTE)).isEqualTo(1);
  }

  @Test
  void tellsTheSenderThatAskedThatTheReceiverIsOffline() {
    send("bob", 1, Confirmation.ACCEPTED);
    send("bob", 2, Confirmation.NONE);
    answerOffline();
    assertThat(sender.receiveMessage()).isEqualTo(new Mail.Refused("id-1", 1, Refusal.OFFLINE, 0));
    expectNothing(sender);
    assertThat(meters.sum(Drop.OFFLINE)).isEqualTo(2);
    assertThat(ledger.live(Resource.ROUTE)).isZero();
  }

  @Test
  void whoTurnsOutNotToExistIsNotCalledOffline() {
    send("bob", 1, Confirmation.ACCEPTED);
    nobodies.add(new Identity("bob"));
    answerOffline();
    assertThat(sender.receiveMessage())
        .isEqualTo(new Mail.Refused("id-1", 1, Refusal.UNKNOWN_PEER, 0));
    assertThat(meters.sum(Drop.OFFLINE)).isEqualTo(1);
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
    expectNothing(second);
    fence.replyTo().tell(new Mail.Fenced(fence.token()));
    expect(second, 3, 5);
    moved(first, second, 2);
    send("bob", 6, 6);
    expect(second, 6, 6);
    expectNothing(first);
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
    expectNothing(second);
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
    expectNothing(second);
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
    expectNothing(peers);
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
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    onLoop(() -> routes.settle(new Identity("another"), () -> bob.ref().tell(settled)));
    assertThat(bob.receiveMessage()).isEqualTo(settled);
    answer(bob, 1);
    expect(bob, 1, 2);
    expectNothing(sender);
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
}
