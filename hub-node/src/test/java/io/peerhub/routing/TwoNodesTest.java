package io.peerhub.routing;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.delivery.Budget;
import io.peerhub.hub.crossing.CrossingLinkCodec;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Body;
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
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two actor systems, joined by Artery, with one or two loops each. */
class TwoNodesTest {
  /** These tests are about order and loss: nothing is refused for want of room to wait. */
  private static RoutingSettings roomy(LinkSettings link) {
    return new RoutingSettings(
        1_000, 100_000, 64 << 20, 64 << 20, Duration.ofSeconds(2), 1_000, NEVER, link);
  }

  /** No test here is about a path that is lost: what waits for one waits until it is there. */
  private static final Duration NEVER = Duration.ofHours(1);

  private static final LinkSettings LINK =
      new LinkSettings(4 << 20, 16 << 20, 64 << 10, 16 << 20, Duration.ofSeconds(1), NEVER);

  private final List<Node> nodes = new ArrayList<>();

  /** Where everybody sits, as the peers would know it. */
  private final Map<Identity, Attached> seats = new ConcurrentHashMap<>();

  private record Attached(Station station, long epoch) {}

  /** A node: its system, and the routing of its two loops. */
  private final class Node {
    final Meters meters = new Meters();
    final Ledger ledger = new Ledger();
    final Budget crossings = new Budget(256 << 20);
    final ActorTestKit kit;
    final List<Routes> loops = new ArrayList<>();
    final List<ActorRef<Loops.Run>> runners = new ArrayList<>();

    Node(String host, LinkSettings link) {
      CompletableFuture<Void> started = new CompletableFuture<>();
      Behavior<Void> guardian =
          Behaviors.setup(
              context -> {
                RoutingParts parts = parts(context, link);
                loops.add(Router.start(context, 0, parts));
                loops.add(Router.start(context, 1, parts));
                started.complete(null);
                return Behaviors.empty();
              });
      kit = ActorTestKit.create(ActorSystem.create(guardian, "nodes", config(host)));
      started.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      for (int loop = 0; loop < 2; loop++) {
        runners.add(Loops.runner(kit, loop));
      }
      kit.spawn(DeadLetterDesk.create(loops.getFirst(), meters, message -> -1));
    }

    private RoutingParts parts(ActorContext<Void> context, LinkSettings link) {
      ActorRefResolver resolver = ActorRefResolver.get(context.getSystem());
      return new RoutingParts(
          roomy(link),
          () -> new CrossingLinkCodec(resolver),
          crossings,
          context.spawn(directory(this), "peers"),
          List::of,
          anybody -> true,
          System::nanoTime,
          meters,
          ledger);
    }

    /** A seat as this node sees it: its reference has crossed. */
    Seat seen(Station station) {
      String name =
          ActorRefResolver.get(station.node.kit.system())
              .toSerializationFormat(station.seat.session());
      return new Seat(
          ActorRefResolver.get(kit.system()).resolveActorRef(name), station.seat.loop());
    }

    void run(int loop, Runnable task) {
      runners.get(loop).tell(new Loops.Run(task));
    }
  }

  private static Config config(String host) {
    return ConfigFactory.parseString(
            """
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "%s", port = 0 }
            pekko.loglevel = ERROR
            pekko.cluster.jmx.enabled = off
            """
                .formatted(host))
        .withFallback(ConfigFactory.parseResources("crossing.conf"))
        .withFallback(Loops.CONFIG)
        .withFallback(ConfigFactory.load());
  }

  private Behavior<Peer.Command> directory(Node node) {
    return Behaviors.receiveMessage(
        command -> {
          Peer.Resolve resolve = (Peer.Resolve) command;
          Attached at = seats.get(resolve.identity());
          resolve
              .replyTo()
              .tell(
                  new Peer.Resolved(
                      resolve.identity(),
                      at == null ? null : node.seen(at.station()),
                      at == null ? 0 : at.epoch()));
          return Behaviors.same();
        });
  }

  private Node node(LinkSettings link) {
    Node node = new Node("127.0.0." + (nodes.size() + 1), link);
    nodes.add(node);
    if (nodes.size() == 2) {
      join();
    }
    return node;
  }

  private void join() {
    Cluster first = Cluster.get(nodes.getFirst().kit.system());
    for (Node node : nodes) {
      Cluster.get(node.kit.system()).manager().tell(Join.create(first.selfMember().address()));
    }
    await().until(() -> first.state().members().size() == 2);
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.kit.shutdownTestKit());
  }

  /** What a session heard, in order, and how it behaves once it has moved. */
  private final class Station {
    final ConcurrentLinkedQueue<SessionInput> heard = new ConcurrentLinkedQueue<>();
    final Seat seat;
    final Node node;
    private volatile Forwarder forwarder;

    Station(Node node, int loop) {
      this.node = node;
      Behavior<SessionInput> behavior =
          Behaviors.receive(
              (context, input) -> {
                hear(input);
                return Behaviors.same();
              });
      this.seat = new Seat(node.kit.spawn(behavior, Loops.loop(loop)), loop);
    }

    private void hear(SessionInput input) {
      if (forwarder != null) {
        forwarder.forward(input);
      } else if (input instanceof Mail.Fence fence) {
        fence.replyTo().tell(new Mail.Fenced(fence.token()));
      } else {
        heard.add(input);
      }
    }

    /** From now on everything goes to the successor, as a session does after its hand-over. */
    void moveTo(Station next, Identity identity, long epoch) {
      node.run(
          seat.loop(),
          () ->
              forwarder =
                  node.loops.get(seat.loop()).forwarder(identity, seat, node.seen(next), epoch));
    }

    List<Long> numbers() {
      return heard.stream()
          .map(Mail::message)
          .filter(Objects::nonNull)
          .map(Mail.Delivery::n)
          .toList();
    }
  }

  private void seat(String identity, Station station, long epoch) {
    seats.put(new Identity(identity), new Attached(station, epoch));
  }

  private static void awaitNumbers(Station station, int count) {
    await().untilAsserted(() -> assertThat(station.numbers()).hasSize(count));
  }

  @Test
  void mailGoesToTheOtherLoopAndToTheOtherNodeInOrder() {
    Node here = node(LINK);
    Node there = node(LINK);
    Station sender = new Station(here, 0);
    Station near = new Station(here, 1);
    Station far = new Station(there, 1);
    seat("near", near, 1);
    seat("far", far, 1);
    for (int n = 1; n <= 5_000; n++) {
      Mail.Delivery toNear = Loops.mail("near", n, sender.seat);
      Mail.Delivery toFar = Loops.mail("far", n, sender.seat);
      here.run(0, () -> here.loops.getFirst().send(toNear));
      here.run(0, () -> here.loops.getFirst().send(toFar));
    }
    awaitNumbers(near, 5_000);
    awaitNumbers(far, 5_000);
    assertThat(near.numbers()).isSorted();
    assertThat(far.numbers()).isSorted();
    assertThat(far.heard.peek())
        .isEqualTo(Loops.mail("far", 1, there.seen(sender)).withTtl(ttl(far)));
    await().until(() -> here.crossings.used() == 0);
  }

  private static int ttl(Station station) {
    return ((Mail.Delivery) station.heard.peek()).ttlMs();
  }

  @Test
  void aMessageLargerThanABatchArrivesWhole() {
    Node here = node(LINK);
    Node there = node(LINK);
    Station far = new Station(there, 0);
    seat("far", far, 1);
    byte[] body = new byte[3 << 20];
    new Random(7).nextBytes(body);
    here.run(0, () -> here.loops.getFirst().send(large("far", 1, body)));
    here.run(0, () -> here.loops.getFirst().send(Loops.mail("far", 2, null)));
    awaitNumbers(far, 2);
    assertThat(((Mail.Delivery) far.heard.peek()).letter().body()).isEqualTo(Body.data(body));
    assertThat(far.numbers()).containsExactly(1L, 2L);
  }

  private static Mail.Delivery large(String to, long n, byte[] body) {
    return Deliveries.to(to).body(Body.data(body)).id("id").n(n).make();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void flowsStayInOrderWhileTheReceiverMovesAtRandom(long seed) {
    Node first = node(LINK);
    Node second = node(LINK);
    Random random = new Random(seed);
    Station sender = new Station(first, 0);
    List<Station> stations = new ArrayList<>();
    stations.add(new Station(second, 0));
    seat("bob", stations.getFirst(), 1);
    int sent = 0;
    for (int move = 2; move <= 25; move++) {
      int upTo = sent + random.nextInt(300);
      for (; sent < upTo; sent++) {
        Mail.Delivery mail = Loops.mail("bob", sent, sender.seat);
        first.run(0, () -> first.loops.getFirst().send(mail));
      }
      Station last = stations.getLast();
      Station next = new Station(random.nextBoolean() ? first : second, random.nextInt(2));
      stations.add(next);
      seat("bob", next, move);
      last.moveTo(next, new Identity("bob"), move);
      if (random.nextInt(3) == 0) {
        Station old = last;
        await().pollInterval(Duration.ofMillis(1)).until(() -> old.forwarder != null);
      }
    }
    int count = sent;
    await().untilAsserted(() -> assertThat(heard(stations)).hasSize(count));
    // Each station heard a stretch: joined in the order of the epochs they are the whole.
    assertThat(heard(stations)).isSorted().doesNotHaveDuplicates().hasSize(count);
    assertThat(first.meters.sum(Meter.FENCES_LOST)).isZero();
  }

  private static List<Long> heard(List<Station> stations) {
    List<Long> all = new ArrayList<>();
    stations.forEach(station -> all.addAll(station.numbers()));
    return all;
  }

  @Test
  void mailToAnEndedSessionGoesOnToItsSuccessorOrIsRefused() {
    Node here = node(LINK);
    Node there = node(LINK);
    Station sender = new Station(here, 0);
    Station first = new Station(there, 1);
    seat("bob", first, 1);
    send(here, sender, 1);
    awaitNumbers(first, 1);
    Station second = new Station(there, 0);
    there.kit.stop(first.seat.session());
    seat("bob", second, 2);
    for (int n = 2; n <= 200; n++) {
      send(here, sender, n);
    }
    awaitNumbers(second, 199);
    assertThat(second.numbers()).isSorted();
    there.kit.stop(second.seat.session());
    seats.clear();
    send(here, sender, 201);
    await().until(() -> sender.heard.contains(new Mail.Refused("id-201", 201, Refusal.OFFLINE, 0)));
    assertThat(there.meters.sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
    assertThat(here.meters.sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
    await().until(() -> here.ledger.live(Resource.ROUTE) == 0);
  }

  private static void send(Node node, Station sender, int n) {
    Mail.Delivery mail = Loops.mail("bob", n, sender.seat, Confirmation.ACCEPTED);
    node.run(0, () -> node.loops.getFirst().send(mail));
  }

  @Test
  void aFloodPastTheCreditIsShedOldestFirstAndTold() {
    LinkSettings small =
        new LinkSettings(64 << 10, 128 << 10, 8 << 10, 1 << 20, Duration.ofSeconds(1), NEVER);
    Node here = node(small);
    Node there = node(small);
    Station far = new Station(there, 0);
    seat("far", far, 1);
    here.run(0, () -> here.loops.getFirst().send(Loops.mail("far", 0, null)));
    awaitNumbers(far, 1);
    int count = 20_000;
    here.run(
        0,
        () -> {
          for (int n = 1; n <= count; n++) {
            here.loops.getFirst().send(Loops.mail("far", n, null));
          }
        });
    await().until(() -> far.numbers().size() + lost(far) == count + 1);
    assertThat(lost(far)).isPositive().isEqualTo(here.meters.sum(Drop.LINK));
    assertThat(far.numbers()).isSorted().endsWith((long) count);
    await().until(() -> here.crossings.used() == 0);
  }

  private static long lost(Station station) {
    return station.heard.stream()
        .mapToLong(input -> input instanceof Mail.Lost lost ? lost.count() : 0)
        .sum();
  }
}
