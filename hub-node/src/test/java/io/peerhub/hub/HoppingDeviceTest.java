package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A device that is cut and comes back on another node, again and again, while it is written to. */
class HoppingDeviceTest {
  private static final int HOPS = 60;
  private static final int READ_BETWEEN = 40;

  /** More on the way than is read between two hops, fewer than may wait for one peer. */
  private static final int ON_THE_WAY = 400;

  private static TestHub first;
  private static TestHub second;

  @BeforeAll
  static void start() throws Exception {
    first = TestHub.start();
    second = first.second(Map.of());
    TestHub.awaitUp(first, second);
  }

  @AfterAll
  static void stop() {
    second.close();
    first.close();
  }

  @Test
  void everyMessageToTheDevicesOfItsNameReachesItWhileItResumesWhole() throws Exception {
    Semaphore room = new Semaphore(ON_THE_WAY);
    AtomicInteger written = new AtomicInteger();
    try (TestPeer writer = TestPeer.live(first.address(), Wire.BINARY, "hop-writer")) {
      TestPeer device = TestPeer.connect(first.address(), Wire.BINARY);
      device.say(TestPeer.hello("hop/phone", "client", null));
      String session = device.expect(Frame.Welcome.class).session();
      CompletableFuture<Void> writing = new CompletableFuture<>();
      AtomicBoolean enough = new AtomicBoolean();
      Thread.ofVirtual().start(() -> write(writer, room, written, enough, writing));
      long processed = 0;
      int last = 0;
      for (int hop = 1; hop <= HOPS; hop++) {
        for (int i = 0; i < READ_BETWEEN; i++) {
          Frame.Message message = device.await(Frame.Message.class);
          assertThat(message.body().asText()).as("hop %d", hop).isEqualTo("" + ++last);
          processed = message.seq();
          room.release();
        }
        device.say(new Frame.Ack(processed));
        device.cut();
        TestHub to = hop % 2 == 0 ? first : second;
        device = TestPeer.connect(to.address(), Wire.BINARY);
        device.say(TestPeer.hello("hop/phone", "client", new Frame.Resume(session, processed)));
        assertThat(device.expect(Frame.Welcome.class).resumed()).as("hop %d", hop).isTrue();
      }
      enough.set(true); // No interrupt: that would close its socket.
      room.release();
      writing.join();
      while (last < written.get()) {
        Frame.Message message = device.await(Frame.Message.class);
        assertThat(message.body().asText()).isEqualTo("" + ++last);
        device.say(new Frame.Ack(message.seq()));
      }
      device.close();
    }
  }

  private static void write(
      TestPeer writer,
      Semaphore room,
      AtomicInteger written,
      AtomicBoolean enough,
      CompletableFuture<Void> done) {
    try {
      room.acquire();
      while (!enough.get()) {
        writer.tell("hop/*", "" + written.incrementAndGet());
        room.acquire();
      }
      done.complete(null);
    } catch (Exception fault) {
      done.completeExceptionally(fault);
    }
  }
}
