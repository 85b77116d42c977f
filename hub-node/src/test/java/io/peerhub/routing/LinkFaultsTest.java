package io.peerhub.routing;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.Budget;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link whose flush throws, among those of one loop: the test is the ends of two of them. */
class LinkFaultsTest {
  /** What cannot even be weighed. */
  private record Hollow() implements SessionInput {
    @Override
    public int weight() {
      throw new StackOverflowError("a fault");
    }
  }

  private final Meters meters = new Meters();
  private final Map<Integer, TestProbe<LinkEndpoint.Command>> arrived = new TreeMap<>();
  private ActorTestKit kit;
  private TestProbe<Peer.Command> peers;
  private TestProbe<SessionInput> receiver;
  private ActorRef<Loops.Run> loop;
  private Routes routes;

  @BeforeEach
  void start() {
    CompletableFuture<Routes> started = new CompletableFuture<>();
    Behavior<RoutingParts> guardian =
        Behaviors.setup(
            context ->
                Behaviors.receiveMessage(
                    with -> {
                      context.spawn(end(1), LinkEndpoint.name(1));
                      context.spawn(end(2), LinkEndpoint.name(2));
                      started.complete(Router.start(context, 0, with));
                      return Behaviors.same();
                    }));
    ActorSystem<RoutingParts> system = ActorSystem.create(guardian, "faults", Loops.CONFIG);
    kit = ActorTestKit.create(system);
    peers = kit.createTestProbe();
    receiver = kit.createTestProbe();
    arrived.put(1, kit.createTestProbe());
    arrived.put(2, kit.createTestProbe());
    system.tell(
        new RoutingParts(
            Loops.SETTINGS,
            () -> null,
            new Budget(64 << 20),
            peers.ref(),
            List::of,
            anybody -> true,
            System::nanoTime,
            meters,
            new Ledger()));
    routes = started.join();
    loop = Loops.runner(kit, 0);
  }

  private Behavior<LinkEndpoint.Command> end(int index) {
    return Behaviors.receiveMessage(
        command -> {
          arrived.get(index).ref().tell(command);
          return Behaviors.same();
        });
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void anErrorInOneLinksFlushCostsTheOthersNothing() {
    loop.tell(
        new Loops.Run(
            () -> {
              routes.tell(at(1), new Hollow());
              routes.tell(at(2), Loops.mail("bob", 1, null));
            }));
    assertThat(numbers(2)).containsExactly(1L);
    await().until(() -> meters.sum(Meter.LINKS_FAILED) == 1);
    loop.tell(new Loops.Run(() -> routes.tell(at(2), Loops.mail("bob", 2, null))));
    assertThat(numbers(2)).containsExactly(2L);
  }

  @Test
  void whatTheLinkHadTakenInThatTurnIsGivenBackOnce() {
    loop.tell(
        new Loops.Run(
            () -> {
              routes.tell(at(1), Loops.mail("bob", 1, null));
              routes.tell(at(1), Loops.mail("bob", 2, null));
              routes.tell(at(1), new Hollow());
              routes.tell(at(1), Loops.mail("bob", 3, null));
            }));
    Peer.Resolve question = peers.expectMessageClass(Peer.Resolve.class, PATIENCE);
    assertThat(question.identity()).isEqualTo(new Identity("bob"));
    TestProbe<SessionInput> successor = kit.createTestProbe();
    question
        .replyTo()
        .tell(new Peer.Resolved(question.identity(), new Seat(successor.ref(), 0), 1));
    for (long n = 1; n <= 3; n++) {
      Mail.Delivery mail = successor.expectMessageClass(Mail.Delivery.class, PATIENCE);
      assertThat(mail.n()).isEqualTo(n);
    }
    assertThat(meters.sum(Meter.LINK_ITEMS_LOST)).isEqualTo(1);
    successor.expectNoMessage();
  }

  private Seat at(int index) {
    return new Seat(receiver.ref(), index);
  }

  private List<Long> numbers(int index) {
    return arrived
        .get(index)
        .expectMessageClass(LinkEndpoint.Parcel.class, PATIENCE)
        .items()
        .stream()
        .map(item -> ((Mail.Delivery) item.input()).n())
        .toList();
  }
}
