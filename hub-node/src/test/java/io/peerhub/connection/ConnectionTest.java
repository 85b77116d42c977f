package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.session.Outlet;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stream wires, and what holds for a connection whatever its wire. */
class ConnectionTest {
  private static TestLoops loops;
  private TestPort port;

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @AfterEach
  void everySocketIsAccountedFor() {
    port.close();
    await().untilAsserted(() -> assertThat(port.ledger.live(Resource.SOCKET)).isZero());
  }

  @Test
  void aJsonLineComesInAndOneGoesOut() throws Exception {
    port = loops.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO).send("{\"send\":{\"to\":\"bob\",\"text\":\"hi\"}}\r\n");
      assertThat(peer.line()).contains("\"message\"").contains("\"hi\"");
    }
  }

  @Test
  void aBinaryFrameComesInAndOneGoesOut() throws Exception {
    port = loops.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send("PHB1").send(binary(hello()), binary(new Frame.Ping(7, Map.of())));
      byte[] expected = binary(new Frame.Pong(1, Map.of()));
      assertThat(peer.bytes(expected.length)).isEqualTo(expected);
    }
  }

  @Test
  void theSessionRunsOnTheLoopOfItsConnection() throws Exception {
    port = loops.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      port.next();
      assertThat(TestPort.next(port.threads)).isEqualTo("hub-loop-0");
    }
  }

  @Test
  void gluedFramesComeInTheirOrder() throws Exception {
    port = loops.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + "{\"ping\":{\"t\":1}}\n\n{\"ping\":{\"t\":2}}\n{\"pi");
      assertThat(port.frames(3)).extracting(Frame::kind).containsExactly("hello", "ping", "ping");
      peer.send("ng\":{\"t\":3}}\n");
      assertThat(port.frames(1)).isEqualTo(List.of(new Frame.Ping(3, Map.of())));
    }
  }

  @Test
  void theEndOfASocketIsToldOnce() throws Exception {
    port = loops.port(TestPort.ECHO);
    new TestPeer(port).send(TestPeer.HELLO).close();
    assertThat(port.next()).isInstanceOf(Session.Received.class);
    assertThat(port.next()).isEqualTo(new Session.Closed("closed by the peer"));
    await().untilAsserted(() -> assertThat(port.ledger.closedCount(Resource.SOCKET)).isOne());
    loops.settle();
    assertThat(port.heard).isEmpty();
  }

  @Test
  void closingFlushesWhatWasSaid() throws Exception {
    port =
        loops.port(
            (outlet, input) -> {
              if (input instanceof Session.Received) {
                outlet.send(new Frame.Error(2009, "taken over"));
                outlet.close();
                outlet.send(new Frame.Gap(1, "too late"));
              }
            });
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      assertThat(peer.rest()).contains("2009").doesNotContain("too late");
    }
    assertThat(port.next()).isInstanceOf(Session.Received.class);
    assertThat(port.next()).isEqualTo(new Session.Closed("closed by the hub"));
  }

  @Test
  void theMetersCountFramesAndBytes() throws Exception {
    port = loops.port(TestPort.ECHO);
    String ping = "{\"ping\":{\"t\":1}}\n";
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO + ping + ping);
      String pong = peer.line();
      peer.line();
      long in = TestPeer.HELLO.length() + 2L * ping.length();
      long out = 2L * pong.length() + 2;
      await().untilAsserted(() -> assertThat(port.meters.sum(Meter.BYTES_OUT)).isEqualTo(out));
      assertThat(port.meters.sum(Meter.FRAMES_OUT)).isEqualTo(2);
      assertThat(port.meters.sum(Meter.FRAMES_IN)).isEqualTo(3);
      assertThat(port.meters.sum(Meter.BYTES_IN)).isEqualTo(in);
    }
  }

  @Test
  void theRemoteTellsWhoIsThere() throws Exception {
    port = loops.port(TestPort.ECHO);
    try (TestPeer peer = new TestPeer(port)) {
      peer.send(TestPeer.HELLO);
      Outlet.Remote remote = port.outlet().remote();
      assertThat(remote.address()).isEqualTo("127.0.0.1:" + peer.socket.getLocalPort());
      assertThat(remote.wire()).isEqualTo("json");
      assertThat(remote.encrypted()).isFalse();
      assertThat(remote.loopback()).isTrue();
    }
  }

  private static Frame.Hello hello() {
    return new Frame.Hello(
        1, "alice", "none", "", Optional.empty(), "", 0, 0, List.of(), "", Map.of());
  }

  private static byte[] binary(Frame frame) {
    ByteSink sink = new ByteSink();
    FrameCodec.binary().encodeDelimited(frame, sink);
    return sink.toByteArray();
  }
}
