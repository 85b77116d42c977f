package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of 32 bits without a sign that an int does not hold: clamped like any other. */
class UnsignedNumbersTest {
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = TestHub.start();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @ParameterizedTest
  @EnumSource
  void windowAndHeartbeatAreClampedAndALifeToo(Wire wire) throws Exception {
    try (TestPeer peer = TestPeer.connect(hub.address(), wire)) {
      say(
          peer,
          "{\"hello\":{\"version\":1,\"peer\":\"large\",\"auth\":\"none\","
              + "\"window\":4294967295,\"heartbeatMs\":4000000000}}",
          "82011b 0801 12056c61726765 1a046e6f6e65 38ffffffff0f 4080d0acf30e");
      Frame.Welcome welcome = peer.expect(Frame.Welcome.class);
      assertThat(welcome.window()).isEqualTo(10_000);
      assertThat(welcome.heartbeatMs()).isEqualTo(300_000);
      say(
          peer,
          "{\"send\":{\"to\":\"large\",\"text\":\"x\",\"ttlMs\":4294967295}}",
          "0a100a056c61726765 120178 48ffffffff0f");
      assertThat(peer.await(Frame.Message.class).body().asText()).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatNo32BitsHoldIsMalformed(Wire wire) throws Exception {
    try (TestPeer peer = TestPeer.live(hub.address(), wire, "larger")) {
      say(
          peer,
          "{\"send\":{\"to\":\"large\",\"text\":\"x\",\"ttlMs\":4294967296}}",
          "0a100a056c61726765 120178 488080808010");
      assertThat(peer.await(Frame.Refuse.class).code()).isEqualTo(Refusal.MALFORMED.code());
    }
  }

  private static void say(TestPeer peer, String json, String binary) throws Exception {
    peer.sayRaw(
        peer.wire().isJson()
            ? json.getBytes(StandardCharsets.UTF_8)
            : HexFormat.of().parseHex(binary.replace(" ", "")));
  }
}
