package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A peer that says nothing is asked first and then cut. After how long is LivenessTest's and
 * SessionTest's, where time is moved by hand.
 */
class SilenceTest {
  @Test
  void aSilentPeerIsAskedThenCutAndItsSessionResumes() throws Exception {
    Siege siege = Siege.begin(Map.of());
    Map<Wire, TestPeer> silent = new EnumMap<>(Wire.class);
    Map<Wire, String> sessions = new EnumMap<>(Wire.class);
    for (Wire wire : Wire.values()) {
      TestPeer peer = TestPeer.connect(siege.address(), wire);
      peer.say(TestPeer.hello("silent-" + wire, "client", null, 0, 1));
      Frame.Welcome welcome = peer.expect(Frame.Welcome.class);
      assertThat(welcome.heartbeatMs()).as("asked for less than allowed").isEqualTo(1000);
      silent.put(wire, peer);
      sessions.put(wire, welcome.session());
    }
    for (TestPeer peer : silent.values()) {
      peer.expect(Frame.Ping.class);
    }
    for (TestPeer peer : silent.values()) {
      assertThat(peer.expect(Frame.Error.class).code()).isEqualTo(Refusal.SILENT.code());
      peer.awaitEnd();
    }
    assertThat(siege.meters().sum(Meter.SILENT)).isEqualTo(Wire.values().length);
    for (Wire wire : Wire.values()) {
      try (TestPeer again = TestPeer.connect(siege.address(), wire)) {
        Frame.Resume resume = new Frame.Resume(sessions.get(wire), 0);
        again.say(TestPeer.hello("silent-" + wire, "client", resume));
        assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
        again.say(new Frame.Bye(""));
      }
    }
    siege.judge();
  }
}
