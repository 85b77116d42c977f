package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.peerhub.protocol.Frame;
import io.peerhub.session.Outlet;
import io.peerhub.session.Sessions;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.End;
import io.peerhub.telemetry.Meters.Meter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is thrown in the work for one connection ends that one; its loop serves the others. */
class LoopFaultsTest {
  private static final Frame.Pong PONG = new Frame.Pong(7, Map.of());
  private static TestLoops loops;

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @Test
  void aFlushThatThrowsEndsItsConnectionAndNoOther() throws Exception {
    try (TestPort port = loops.port(TestPort.ECHO);
        TestPeer broken = new TestPeer(port);
        TestPeer other = new TestPeer(port)) {
      broken.send(TestPeer.HELLO);
      final Outlet ofBroken = port.outlets.take();
      other.send(TestPeer.HELLO);
      final Outlet ofOther = port.outlets.take();
      // In one turn, so that the other one is flushed behind the one that throws.
      TestPort.on(
          ofBroken,
          () -> {
            breakSink(ofBroken);
            ofOther.send(PONG);
          });
      assertThat(other.line()).isEqualTo("{\"pong\":{\"t\":7}}");
      assertThat(broken.rest()).isEmpty();
      other.send("{\"ping\":{\"t\":1}}\n");
      assertThat(other.line()).isEqualTo("{\"pong\":{\"t\":1}}");
      assertThat(port.meters.sum(Meter.CRASHES)).isEqualTo(1);
      assertThat(port.meters.sum(End.FAULT)).isEqualTo(1);
    }
  }

  /** A length that cannot be: the flush ends by it. */
  private static void breakSink(Outlet outlet) {
    ((Connection) outlet).outflow().sink().advance(-1);
  }

  @Test
  void theWatchOverThoseThatDoNotReadOutlivesALookThatThrows() throws Exception {
    Meters meters = new Meters();
    TestProbe<Sessions.Command> sessions = loops.kit.createTestProbe();
    Premises premises = Premises.of(new TestSettings().build(), meters, new Ledger());
    Loop loop = new Loop(premises, loops.loops.loop(0), sessions.ref());
    Line broken = new Line();
    Line waiting = new Line();
    Connection ofBroken = new Connection(loop, broken);
    Connection ofWaiting = new Connection(loop, waiting);
    waiting.write(Unpooled.copiedBuffer(new byte[100]));
    broken.faulty = true;
    loops
        .loops
        .loop(0)
        .submit(
            () -> {
              loop.watch(ofBroken);
              loop.watch(ofWaiting);
            })
        .sync();
    await().until(() -> meters.sum(Meter.CRASHES) == 1);
    int looks = waiting.looks.get();
    await().until(() -> waiting.looks.get() > looks + 2);
    assertThat(broken.isOpen()).isFalse();
    assertThat(ofBroken.isOpen()).isFalse();
    assertThat(ofWaiting.isOpen()).isTrue();
    loops.loops.loop(0).submit(() -> loop.unwatch(ofWaiting)).sync();
  }

  /** A socket that can be made to throw once, when it is looked at. */
  private static final class Line extends EmbeddedChannel {
    final AtomicInteger looks = new AtomicInteger();
    volatile boolean faulty;

    @Override
    public Unsafe unsafe() {
      if (faulty) {
        faulty = false;
        throw new StackOverflowError("a fault");
      }
      if (looks != null) { // Else it is being made.
        looks.incrementAndGet();
      }
      return super.unsafe();
    }
  }
}
