package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.telemetry.Ledger.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private final BlockingQueue<Thread> ranOn = new LinkedBlockingQueue<>();

  /** Tells on which thread it runs; "stop" stops it. */
  private Behavior<String> reporter() {
    return Behaviors.receiveMessage(
        message -> {
          ranOn.add(Thread.currentThread());
          return message.equals("stop") ? Behaviors.stopped() : Behaviors.same();
        });
  }

  private String threadOf(ActorRef<String> actor, String message) throws InterruptedException {
    actor.tell(message);
    Thread thread = ranOn.poll(5, TimeUnit.SECONDS);
    return thread == null ? "none" : thread.getName();
  }

  @Test
  void anActorRunsOnTheThreadOfItsLoop() throws Exception {
    try (TestLoops two = new TestLoops(2)) {
      assertThat(threadOf(two.kit.spawn(reporter(), two.loops.dispatcher(0)), "go"))
          .isEqualTo("hub-loop-0");
      assertThat(threadOf(two.kit.spawn(reporter(), two.loops.dispatcher(1)), "go"))
          .isEqualTo("hub-loop-1");
    }
  }

  @Test
  void aDispatcherThatHadNoActorsRunsTheNextOne() throws Exception {
    try (TestLoops one = new TestLoops(1)) {
      ActorRef<String> first = one.kit.spawn(reporter(), one.loops.dispatcher(0));
      TestProbe<Void> watcher = one.kit.createTestProbe();
      assertThat(threadOf(first, "stop")).isEqualTo("hub-loop-0");
      watcher.expectTerminated(first);
      // Longer than the second after which Pekko shuts the executor down.
      await().pollDelay(1500, TimeUnit.MILLISECONDS).until(() -> true);
      ActorRef<String> second = one.kit.spawn(reporter(), one.loops.dispatcher(0));
      assertThat(threadOf(second, "go")).isEqualTo("hub-loop-0");
    }
  }

  @Test
  void twoSystemsInOneJvmHaveLoopsOfTheirOwn() throws Exception {
    try (TestLoops one = new TestLoops(1);
        TestLoops other = new TestLoops(1)) {
      one.kit.spawn(reporter(), one.loops.dispatcher(0)).tell("go");
      other.kit.spawn(reporter(), other.loops.dispatcher(0)).tell("go");
      assertThat(ranOn.poll(5, TimeUnit.SECONDS)).isNotSameAs(ranOn.poll(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void connectionsAreSpreadOverTheLoops() throws Exception {
    try (TestLoops two = new TestLoops(2);
        TestPort port = two.port(TestPort.ECHO);
        TestPeer one = new TestPeer(port);
        TestPeer other = new TestPeer(port)) {
      one.send(TestPeer.HELLO);
      other.send(TestPeer.HELLO);
      List<String> threads = new ArrayList<>();
      threads.add(port.threads.poll(5, TimeUnit.SECONDS));
      threads.add(port.threads.poll(5, TimeUnit.SECONDS));
      assertThat(threads).containsExactlyInAnyOrder("hub-loop-0", "hub-loop-1");
    }
  }

  @Test
  void closingEndsTheConnectionsThatAreLeft() throws Exception {
    TestLoops one = new TestLoops(1);
    TestPort port = one.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      port.next();
      port.close();
      one.close();
      assertThat(peer.rest()).isEmpty();
      assertThat(port.ledger.live(Resource.SOCKET)).isZero();
    }
  }

  @Test
  void closingEndsTheThreads() throws Exception {
    TestLoops one = new TestLoops(1);
    one.kit.spawn(reporter(), one.loops.dispatcher(0)).tell("go");
    Thread thread = ranOn.poll(5, TimeUnit.SECONDS);
    one.close();
    await().until(() -> !thread.isAlive());
  }
}
