package io.peerhub.routing;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.delivery.Budget;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One end of a link; the test is the other end, and loses what it likes. Time stands still but
 * where it is the point.
 */
class LinkTest {
  /** How often an end of a link looks at its deadlines. */
  private static final Duration TICK = Duration.ofMillis(500);

  private static final LinkSettings LINK =
      new LinkSettings(
          4 << 20, 16 << 20, 64 << 10, 16 << 20, Duration.ofMillis(300), Duration.ofSeconds(2));

  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private final Budget crossings = new Budget(64 << 20);
  private final AtomicLong nanos = new AtomicLong();
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<LinkEndpoint.Command> arrived;
  private TestProbe<Peer.Command> peers;
  private TestProbe<SessionInput> sender;
  private TestProbe<SessionInput> receiver;
  private ActorRef<LinkEndpoint.Command> other;
  private ActorRef<Loops.Run> loop;
  private Routes routes;
  private Seat seat;

  @BeforeEach
  void start() {
    CompletableFuture<ActorRef<LinkEndpoint.Command>> end = new CompletableFuture<>();
    CompletableFuture<Routes> started = new CompletableFuture<>();
    CompletableFuture<RoutingParts> parts = new CompletableFuture<>();
    Behavior<RoutingParts> guardian =
        Behaviors.setup(
            context ->
                Behaviors.receiveMessage(
                    with -> {
                      end.complete(context.spawn(otherEnd(), LinkEndpoint.name(1)));
                      started.complete(Router.start(context, 0, with));
                      return Behaviors.same();
                    }));
    ActorSystem<RoutingParts> system =
        ActorSystem.create(guardian, "link", ManualTime.config().withFallback(Loops.CONFIG));
    kit = ActorTestKit.create(system);
    time = ManualTime.get(system);
    arrived = kit.createTestProbe();
    peers = kit.createTestProbe();
    sender = kit.createTestProbe();
    receiver = kit.createTestProbe();
    seat = new Seat(receiver.ref(), 1);
    system.tell(parts());
    other = end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    routes = started.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    loop = Loops.runner(kit, 0);
  }

  private RoutingParts parts() {
    RoutingSettings settings =
        new RoutingSettings(
            100, 1_000, 1 << 20, 16 << 20, Duration.ofSeconds(2), 3, Duration.ofSeconds(5), LINK);
    return new RoutingParts(
        settings,
        () -> null,
        crossings,
        peers.ref(),
        List::of,
        anybody -> true,
        nanos::get,
        meters,
        ledger);
  }

  private Behavior<LinkEndpoint.Command> otherEnd() {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof LinkEndpoint.Reset) {
            return Behaviors.stopped();
          }
          arrived.ref().tell(command);
          return Behaviors.same();
        });
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aTurnGoesInOneBatchAndIsKeptUntilItIsAcknowledged() {
    tell(1, 2, 3);
    LinkEndpoint.Parcel batch = parcel(1, 1);
    assertThat(numbers(batch)).containsExactly(1L, 2L, 3L);
    await().until(() -> crossings.used() > 0);
    acknowledge(batch, 1);
    await().until(() -> crossings.used() == 0);
    tell(4);
    assertThat(parcel(1, 2).stamp().started()).isTrue();
  }

  @Test
  void whatIsMissingIsSentAgainFromTheHoleOn() {
    tell(1);
    parcel(1, 1);
    tell(2);
    LinkEndpoint.Stamp stamp = parcel(1, 2).stamp();
    tell(3);
    parcel(1, 3);
    stamp.from().tell(new LinkEndpoint.Missing(stamp.link(), 2));
    assertThat(numbers(parcel(1, 2))).containsExactly(2L);
    assertThat(numbers(parcel(1, 3))).containsExactly(3L);
    await().until(() -> meters.sum(Meter.LINK_RESENT) >= 2);
  }

  @Test
  void silenceHasTheFirstSentAgainAndTheRestOnceThatArrived() {
    tell(1);
    parcel(1, 1);
    tell(2);
    parcel(1, 2);
    pass(LINK.resendAfter());
    LinkEndpoint.Parcel again = parcel(1, 1);
    acknowledge(again, 1);
    assertThat(numbers(parcel(1, 2))).containsExactly(2L);
  }

  @Test
  void anEndThatKnowsNothingOfTheLinkGetsANewOneAndTheReceiverIsToldOfTheLoss() {
    tell(1);
    acknowledge(parcel(1, 1), 1);
    tell(2);
    LinkEndpoint.Stamp stamp = parcel(1, 2).stamp();
    stamp.from().tell(new LinkEndpoint.Reset(stamp.link()));
    LinkEndpoint.Parcel lost = parcel(2, 1);
    assertThat(lost.items())
        .containsExactly(new LinkItem(receiver.ref(), new Mail.Lost(1, "link")));
    assertThat(lost.stamp().started()).isFalse();
    tell(3);
    assertThat(numbers(parcel(2, 2))).containsExactly(3L);
    assertThat(meters.sum(Drop.LINK)).isEqualTo(1);
  }

  @Test
  void mailForALoopThatIsGoneIsSoughtAnewUnlessItMayHaveArrived() {
    onLoop(() -> routes.send(mail(1)));
    answer(seat, 1);
    acknowledge(parcel(1, 1), 1);
    onLoop(() -> routes.send(mail(2)));
    parcel(1, 2);
    // The other end stops. What it had not acknowledged may have arrived: nobody knows.
    other.tell(new LinkEndpoint.Reset(0));
    await().until(() -> meters.sum(Meter.LINKS_FAILED) == 1);
    assertThat(meters.sum(Drop.LINK)).isEqualTo(1);
    assertThat(sender.receiveMessage()).isEqualTo(unknown(2));
    onLoop(() -> routes.send(mail(3)));
    TestProbe<SessionInput> successor = kit.createTestProbe();
    answer(new Seat(successor.ref(), 0), 2);
    assertThat(successor.receiveMessage())
        .as("told where the receiver sits now, and before what follows")
        .isEqualTo(new Mail.Lost(1, Links.LOST));
    assertThat(successor.expectMessageClass(Mail.Delivery.class).n()).isEqualTo(3);
    expectNothing(sender);
    await().until(() -> ledger.live(Resource.LINK) == 0);
    await().until(() -> crossings.used() == 0);
  }

  @Test
  void aLoopThatNeverAnswersIsGivenUp() {
    onLoop(() -> routes.send(mail(1)));
    answer(seat, 1);
    parcel(1, 1);
    pass(LINK.giveUpAfter());
    await().until(() -> meters.sum(Meter.LINKS_FAILED) == 1);
    assertThat(sender.receiveMessage()).isEqualTo(unknown(1));
    onLoop(() -> routes.send(mail(2)));
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(new Peer.Resolved(question.identity(), null, 0));
    assertThat(sender.receiveMessage()).isEqualTo(new Mail.Refused("id-2", 2, Refusal.OFFLINE, 0));
  }

  @Test
  void aLinkThatBeginsAnewTellsSendersThatNobodyKnowsAndRepeatsAnswers() {
    Mail.Confirmed answer = new Mail.Confirmed("id-7", 7, Confirmation.ACCEPTED);
    onLoop(() -> routes.tell(seat, mail(1)));
    onLoop(() -> routes.tell(seat, answer));
    parcel(1, 1);
    LinkEndpoint.Stamp stamp = parcel(1, 2).stamp();
    stamp.from().tell(new LinkEndpoint.Reset(stamp.link()));
    assertThat(sender.receiveMessage()).isEqualTo(unknown(1));
    List<LinkItem> again = new ArrayList<>(parcel(2, 1).items());
    again.addAll(parcel(2, 2).items());
    assertThat(again)
        .containsExactly(
            new LinkItem(receiver.ref(), new Mail.Lost(1, "link")),
            new LinkItem(receiver.ref(), answer));
    assertThat(meters.sum(Meter.LINK_ITEMS_LOST)).isZero();
  }

  @Test
  void aSenderWhoseNodeWentWithTheReceiversIsNotLookedFor() {
    onLoop(() -> routes.tell(seat, Loops.mail("bob", 1, seat, Confirmation.ACCEPTED)));
    acknowledge(parcel(1, 1), 0);
    other.tell(new LinkEndpoint.Reset(0));
    await().until(() -> meters.sum(Meter.LINKS_FAILED) == 1);
    assertThat(meters.sum(Drop.LINK)).isEqualTo(1);
    assertThat(ledger.live(Resource.LINK)).isZero();
  }

  private static Mail.Refused unknown(int n) {
    return new Mail.Refused("id-" + n, n, Refusal.OUTCOME_UNKNOWN, 0);
  }

  private Mail.Delivery mail(int n) {
    return Loops.mail("bob", n, new Seat(sender.ref(), 0), Confirmation.ACCEPTED);
  }

  @Test
  void aSenderIsSettledWhenTheOtherEndHasAnsweredABarrierBehindItsMail() {
    Mail.Lost settled = new Mail.Lost(0, "settled");
    tell(1);
    parcel(1, 1);
    onLoop(() -> routes.settle(new Identity("another"), () -> receiver.ref().tell(settled)));
    assertThat(receiver.receiveMessage()).isEqualTo(settled);
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    RouteNotice.Barrier barrier = barrier(parcel(1, 2));
    expectNothing(sender);
    barrier.replyTo().tell(new Mail.Fenced(barrier.token()));
    assertThat(sender.receiveMessage()).isEqualTo(settled);
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    assertThat(sender.receiveMessage()).isEqualTo(settled);
  }

  @Test
  void whoMovesBehindABarrierThatIsOutSharesItUnlessItSentSince() {
    Mail.Lost settled = new Mail.Lost(0, "settled");
    tell(1);
    parcel(1, 1);
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    RouteNotice.Barrier first = barrier(parcel(1, 2));
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    tell(2);
    onLoop(() -> routes.settle(new Identity("sender"), () -> receiver.ref().tell(settled)));
    first.replyTo().tell(new Mail.Fenced(first.token()));
    assertThat(sender.receiveSeveralMessages(2)).containsExactly(settled, settled);
    expectNothing(receiver);
    RouteNotice.Barrier second = barrier(parcel(1, 4));
    second.replyTo().tell(new Mail.Fenced(second.token()));
    assertThat(receiver.receiveMessage()).isEqualTo(settled);
  }

  @Test
  void aLinkThatBeginsAnewHoldsNobodyUp() {
    Mail.Lost settled = new Mail.Lost(0, "settled");
    tell(1);
    parcel(1, 1);
    onLoop(() -> routes.settle(new Identity("sender"), () -> sender.ref().tell(settled)));
    LinkEndpoint.Stamp stamp = parcel(1, 2).stamp();
    stamp.from().tell(new LinkEndpoint.Reset(stamp.link()));
    assertThat(sender.receiveMessage()).isEqualTo(settled);
  }

  private static RouteNotice.Barrier barrier(LinkEndpoint.Parcel parcel) {
    return (RouteNotice.Barrier) parcel.items().getLast().input();
  }

  private void tell(int... numbers) {
    onLoop(
        () -> {
          for (int n : numbers) {
            routes.tell(seat, Loops.mail("bob", n, null));
          }
        });
  }

  private void answer(Seat at, long epoch) {
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class);
    question.replyTo().tell(new Peer.Resolved(question.identity(), at, epoch));
  }

  /** A task on the loop, and whatever the loop gave itself to do by it. */
  private void onLoop(Runnable task) {
    loop.tell(new Loops.Run(task));
    Loops.settle(kit.system(), 0);
  }

  private void pass(Duration duration) {
    for (Duration left = duration; left.isPositive(); left = left.minus(TICK)) {
      Loops.settle(kit.system(), 0);
      nanos.addAndGet(TICK.toNanos());
      time.timePasses(TICK);
      Loops.settle(kit.system(), 0);
    }
  }

  private void expectNothing(TestProbe<?> probe) {
    Loops.settle(kit.system(), 0);
    ActorKit.assertSilent(probe);
  }

  /** The next batch with this number; older ones that were sent again are passed over. */
  private LinkEndpoint.Parcel parcel(long link, long number) {
    while (true) {
      LinkEndpoint.Parcel parcel = arrived.expectMessageClass(LinkEndpoint.Parcel.class);
      if (parcel.stamp().link() == link && parcel.stamp().number() == number) {
        return parcel;
      }
    }
  }

  private void acknowledge(LinkEndpoint.Parcel parcel, long upTo) {
    parcel.stamp().from().tell(new LinkEndpoint.Ack(parcel.stamp().link(), other, upTo));
  }

  private static List<Long> numbers(LinkEndpoint.Parcel parcel) {
    return parcel.items().stream().map(item -> ((Mail.Delivery) item.input()).n()).toList();
  }
}
