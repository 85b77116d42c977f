package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Strangers who take their time are closed at a deadline. It is so short that they meet it; whoever
 * is welcome and misses it on a slow machine comes again.
 */
class HandshakeDeadlineTest {
  private static Siege siege;

  @BeforeAll
  static void begin() throws Exception {
    siege =
        Siege.begin(
            Map.of("peerhub.connection.handshake-timeout", "1s"), HandshakeDeadlineTest::persist);
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  /** Comes again until it is in time. */
  private static TestPeer persist(InetSocketAddress address, Wire wire, String identity)
      throws Exception {
    while (true) {
      TestPeer peer = TestPeer.connect(address, wire);
      peer.say(TestPeer.hello(identity, "auto", null));
      switch (peer.next()) {
        case Frame.Welcome _ -> {
          return peer;
        }
        case Frame.Error late when late.code() == Refusal.HANDSHAKE_TIMEOUT.code() -> peer.close();
        case Frame.FromHub other -> throw new AssertionError(other.toString());
      }
    }
  }

  /** A hello of 8 kB comes byte by byte, at a rhythm by which it takes many times the deadline. */
  @ParameterizedTest
  @EnumSource(Wire.class)
  void noByteMovesTheDeadlineOfAHandshakeThatDribbles(Wire wire) throws Exception {
    byte[] hello = wire.delimited(hello("x".repeat(8000)));
    AtomicInteger said = new AtomicInteger();
    try (TestPeer stranger = TestPeer.connect(siege.address(), wire);
        ScheduledExecutorService rhythm =
            Executors.newScheduledThreadPool(1, Thread.ofVirtual().factory())) {
      rhythm.scheduleWithFixedDelay(
          () -> dribble(stranger, hello, said), 0, 5, TimeUnit.MILLISECONDS);
      assertThat(stranger.expect(Frame.Error.class).code())
          .isEqualTo(Refusal.HANDSHAKE_TIMEOUT.code());
      stranger.awaitEnd();
      rhythm.shutdownNow();
    }
    assertThat(said).hasValueLessThan(hello.length);
    siege.bystanders().assertUnharmed();
  }

  /** One byte; none once the hub has had enough, or all of it. */
  private static void dribble(TestPeer stranger, byte[] hello, AtomicInteger said) {
    try {
      stranger.raw(new byte[] {hello[said.getAndIncrement()]});
    } catch (java.io.IOException closed) {
      throw new IllegalStateException("no more bytes", closed);
    }
  }

  private static Frame.Hello hello(String client) {
    return new Frame.Hello(
        1, "dribbler", "none", client, Optional.empty(), "", 0, 0, List.of(), "", Map.of());
  }

  @Test
  void aThousandWhoSayNothingAreClosedAtTheDeadline() throws Exception {
    List<TestPeer> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        strangers.add(TestPeer.connect(siege.address(), Wire.JSON));
      }
      try (TestPeer late = persist(siege.address(), Wire.WEB_JSON, "in-time")) {
        late.say(new Frame.Bye(""));
      }
      for (TestPeer stranger : strangers) {
        assertThat(stranger.expect(Frame.Error.class).code())
            .isEqualTo(Refusal.HANDSHAKE_TIMEOUT.code());
        stranger.awaitEnd();
      }
      assertThat(siege.meters().sum(Refusal.HANDSHAKE_TIMEOUT)).isGreaterThanOrEqualTo(1000);
      siege.bystanders().goOn();
    } finally {
      for (TestPeer stranger : strangers) {
        stranger.close();
      }
    }
  }
}
