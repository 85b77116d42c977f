package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.peerhub.telemetry.Ledger.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
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
    return TestPort.next(ranOn).getName();
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

  /** Pekko shuts the executor down somewhere in between, at once here: see {@link TestLoops}. */
  @Test
  void aDispatcherThatHadNoActorsRunsTheNextOne() throws Exception {
    try (TestLoops one = new TestLoops(1)) {
      TestProbe<Void> watcher = one.kit.createTestProbe();
      for (int i = 0; i < 20; i++) {
        ActorRef<String> next = one.kit.spawn(reporter(), one.loops.dispatcher(0));
        assertThat(threadOf(next, "stop")).isEqualTo("hub-loop-0");
        watcher.expectTerminated(next, PATIENCE);
      }
    }
  }

  @Test
  void anExecutorThatWasShutDownLeavesItsLoopToTheNextOne() throws Exception {
    try (TestLoops one = new TestLoops(1)) {
      Config loop = one.loops.config().getConfig("peerhub.loop.0");
      ExecutorServiceFactory factory =
          new LoopExecutor.Configurator(loop, null).createExecutorServiceFactory("loop", null);
      ExecutorService first = factory.createExecutorService();
      first.shutdown();
      assertThat(first.shutdownNow()).isEmpty();
      for (ExecutorService each : List.of(first, factory.createExecutorService())) {
        each.execute(() -> ranOn.add(Thread.currentThread()));
        assertThat(TestPort.next(ranOn).getName()).isEqualTo("hub-loop-0");
      }
    }
  }

  @Test
  void twoSystemsInOneJvmHaveLoopsOfTheirOwn() throws Exception {
    try (TestLoops one = new TestLoops(1);
        TestLoops other = new TestLoops(1)) {
      one.kit.spawn(reporter(), one.loops.dispatcher(0)).tell("go");
      other.kit.spawn(reporter(), other.loops.dispatcher(0)).tell("go");
      assertThat(TestPort.next(ranOn)).isNotSameAs(TestPort.next(ranOn));
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
      threads.add(TestPort.next(port.threads));
      threads.add(TestPort.next(port.threads));
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
    Thread thread = TestPort.next(ranOn);
    one.close();
    await().until(() -> !thread.isAlive());
  }
}
