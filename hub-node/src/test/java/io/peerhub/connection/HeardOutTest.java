package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A peer that has said all it has to, and whose session waits for something else. */
class HeardOutTest {
  private static final TestPort.Script HEARD_OUT =
      (outlet, input) -> {
        if (input instanceof Session.Received) {
          outlet.heardOut();
        }
      };

  private static TestLoops loops;

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  private static TestPort port() {
    return loops.port(
        settings -> {
          settings.handshake = Duration.ofMillis(300);
          return settings;
        },
        HEARD_OUT);
  }

  @Test
  void theHandshakesDeadlineIsOffAndTheSessionSaysWhatEndsIt() throws Exception {
    try (TestPort port = port();
        TestPeer waiting = new TestPeer(port)) {
      waiting.send(TestPeer.HELLO);
      Outlet outlet = port.outlets.take();
      port.next();
      // One that came later meets the deadline: by then that of the first would have passed too.
      try (TestPeer later = new TestPeer(port)) {
        later.send("{");
        assertThat(later.rest()).contains("2003");
      }
      assertThat(outlet.isOpen()).isTrue();
      assertThat(((Connection) outlet).needsIt()).isTrue();
      TestPort.on(
          outlet,
          () -> {
            outlet.send(new Frame.Error(Refusal.NO_MAJORITY.code(), "no majority", 2_000));
            outlet.close();
          });
      assertThat(waiting.rest())
          .isEqualTo(
              "{\"error\":{\"code\":5003,\"reason\":\"no majority\",\"retryAfterMs\":2000}}\n");
    }
  }

  @Test
  void itMaySayNoMoreThanAnybodyWhoIsNotAdmitted() throws Exception {
    try (TestPort port = port();
        TestPeer waiting = new TestPeer(port)) {
      waiting.send(TestPeer.HELLO);
      port.next();
      waiting.send(" ".repeat(100_000));
      await().until(() -> port.unread().used() >= 8_192);
      assertThat(port.unread().used()).isLessThan(9_000);
    }
  }
}
