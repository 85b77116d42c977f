package io.peerhub.hub;

import static io.peerhub.hub.Protobuf.field;
import static io.peerhub.hub.Protobuf.joined;
import static io.peerhub.protocol.Refusal.BAD_NAME;
import static io.peerhub.protocol.Refusal.MALFORMED;
import static io.peerhub.protocol.Refusal.OUT_OF_SEQUENCE;
import static io.peerhub.protocol.Refusal.UNKNOWN_FRAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of a welcome peer that are none: each is refused with its number, and the connection, the
 * session and everybody else live on.
 */
class BadFramesTest {
  private static Siege siege;

  @BeforeAll
  static void begin() throws Exception {
    siege = Siege.begin(Map.of());
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  /** Bytes that are well delimited, on both wires of their encoding. */
  record BadFrame(Wire wire, String what, byte[] bytes, Refusal refusal) {
    @Override
    public String toString() {
      return wire + ": " + what;
    }
  }

  static Stream<BadFrame> badFrames() {
    List<BadFrame> all = new ArrayList<>();
    for (Wire wire : Wire.values()) {
      if (wire.isJson()) {
        json(new Collector(all, wire));
      } else {
        binary(new Collector(all, wire));
      }
    }
    return all.stream();
  }

  private record Collector(List<BadFrame> all, Wire wire) {
    void add(String what, Refusal refusal, String text) {
      add(what, refusal, text.getBytes(StandardCharsets.UTF_8));
    }

    void add(String what, Refusal refusal, byte[]... parts) {
      all.add(new BadFrame(wire, what, joined(parts), refusal));
    }
  }

  private static void json(Collector frames) {
    frames.add("an unknown kind", UNKNOWN_FRAME, "{\"fly\":{}}");
    frames.add("no kind", UNKNOWN_FRAME, "{}");
    frames.add("the hub's kind", UNKNOWN_FRAME, "{\"message\":{\"seq\":1,\"from\":\"root\"}}");
    frames.add("the hub's welcome", UNKNOWN_FRAME, "{\"welcome\":{\"session\":\"x\",\"epoch\":1}}");
    frames.add("no JSON", MALFORMED, "hello there");
    frames.add("an array", MALFORMED, "[{\"ping\":{\"t\":1}}]");
    frames.add("half a frame", MALFORMED, "{\"send\":{\"to\":\"alice\"");
    frames.add("something behind the frame", MALFORMED, "{\"ping\":{\"t\":1}}{\"ping\":{\"t\":2}}");
    frames.add("two kinds", MALFORMED, "{\"ping\":{\"t\":1},\"pong\":{\"t\":1}}");
    frames.add("no receiver", MALFORMED, "{\"send\":{\"text\":\"x\"}}");
    frames.add("a key twice", MALFORMED, send("\"text\":\"1\",\"text\":\"2\""));
    frames.add("two bodies", MALFORMED, send("\"text\":\"1\",\"json\":2"));
    frames.add("a number of 2^53", MALFORMED, send("\"n\":9007199254740992"));
    frames.add("a negative number", MALFORMED, send("\"n\":-1"));
    frames.add("a fraction", MALFORMED, send("\"n\":1.5"));
    frames.add("an unknown enum", MALFORMED, send("\"confirm\":\"maybe\""));
    frames.add("a million digits", MALFORMED, send("\"n\":" + "1".repeat(1_000_000)));
    frames.add("a body of a million digits", MALFORMED, send("\"json\":" + "9".repeat(1_000_000)));
    frames.add("100,000 levels", MALFORMED, send("\"x\":" + "[".repeat(100_000)));
    frames.add(
        "a body of 100,000 levels",
        MALFORMED,
        send("\"json\":" + "[".repeat(100_000) + "]".repeat(100_000)));
    frames.add("a control character in a text", MALFORMED, send("\"text\":\"a\u0001b\""));
    frames.add("bytes that are not base64", MALFORMED, send("\"data\":\"!!\""));
    frames.add("a byte order mark", MALFORMED, "\uFEFF{\"ping\":{\"t\":1}}");
    frames.add("a zero byte", MALFORMED, "\0{\"ping\":{\"t\":1}}");
  }

  private static void binary(Collector frames) {
    byte[] to = field(1, "nobody");
    frames.add("nothing", UNKNOWN_FRAME);
    frames.add("an unknown kind", UNKNOWN_FRAME, field(99, "x"));
    frames.add("the hub's kind", UNKNOWN_FRAME, field(2, field(1, 1), field(2, "root")));
    frames.add("no receiver", MALFORMED, field(1, field(2, "x")));
    frames.add("half a frame", MALFORMED, new byte[] {0x0a, 0x7f, 1});
    frames.add("a length of 2^31-1", MALFORMED, new byte[] {0x0a}, Wire.varint(Integer.MAX_VALUE));
    frames.add("a length of 2^63", MALFORMED, new byte[] {0x0a}, Wire.varint(Long.MIN_VALUE));
    frames.add(
        "a number without end",
        MALFORMED,
        "\u0080".repeat(20).getBytes(StandardCharsets.ISO_8859_1));
    frames.add("an unknown wire type", MALFORMED, new byte[] {0x0f, 1, 2, 3});
    frames.add("a group that never ends", MALFORMED, new byte[] {0x0b});
    frames.add("a number of 2^53", MALFORMED, field(1, to, field(6, 1L << 53)));
    frames.add("a negative number", MALFORMED, field(1, to, field(6, -1)));
    frames.add("an unknown enum", MALFORMED, field(1, to, field(8, 77)));
    frames.add("text that is not UTF-8", MALFORMED, field(1, to, field(2, new byte[] {-64, -128})));
    frames.add("an id that is not UTF-8", MALFORMED, field(1, to, field(5, new byte[] {-1})));
    frames.add("a surrogate", MALFORMED, field(1, to, field(2, new byte[] {-19, -96, -128})));
    frames.add("a json body that is none", MALFORMED, field(1, to, field(4, "{")));
    frames.add(
        "a json body of 100,000 levels", MALFORMED, field(1, to, field(4, "[".repeat(100_000))));
    frames.add(
        "a json body of a million digits",
        MALFORMED,
        field(1, to, field(4, "1".repeat(1_000_000))));
    frames.add(
        "a json body that closes its frame",
        MALFORMED,
        field(1, to, field(4, "1},\"from\":\"root\",\"x\":{\"y\":1")));
  }

  private static String send(String fields) {
    return "{\"send\":{\"to\":\"nobody\"," + fields + "}}";
  }

  @ParameterizedTest
  @MethodSource("badFrames")
  void aBadFrameIsRefusedAndTheConnectionLivesOn(BadFrame bad) throws Exception {
    try (TestPeer peer = siege.peer(bad.wire, "bad")) {
      siege.counts(
          bad.refusal,
          1,
          () -> {
            peer.sayRaw(bad.bytes);
            assertThat(peer.expect(Frame.Refuse.class).code()).isEqualTo(bad.refusal.code());
          });
      peer.say(new Frame.Ping(5, Map.of()));
      assertThat(peer.expect(Frame.Pong.class).t()).isEqualTo(5);
      siege.bystanders().assertUnharmed();
      peer.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tenBadFramesInAMinuteAreFatalAndTheSessionResumes(Wire wire) throws Exception {
    byte[] bad = wire.isJson() ? "{\"fly\":{}}".getBytes(StandardCharsets.UTF_8) : field(99, "x");
    TestPeer peer = TestPeer.connect(siege.address(), wire);
    peer.say(TestPeer.hello("ten", "client", null));
    String session = peer.expect(Frame.Welcome.class).session();
    peer.tell("ten", "kept");
    peer.expect(Frame.Message.class);
    for (int i = 1; i <= 10; i++) {
      peer.sayRaw(bad);
    }
    for (int i = 1; i < 10; i++) {
      assertThat(peer.expect(Frame.Refuse.class).code()).isEqualTo(UNKNOWN_FRAME.code());
    }
    assertThat(peer.expect(Frame.Error.class).code()).isEqualTo(Refusal.TOO_MANY_BAD_FRAMES.code());
    peer.awaitEnd();
    try (TestPeer again = TestPeer.connect(siege.address(), wire)) {
      again.say(TestPeer.hello("ten", "client", new Frame.Resume(session, 0)));
      assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
      assertThat(again.expect(Frame.Message.class).body().asText()).isEqualTo("kept");
      again.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void framesSplitToSingleBytesAndGluedTogetherAreTheSame(Wire wire) throws Exception {
    byte[][] frames = new byte[100][];
    for (int n = 1; n <= frames.length; n++) {
      frames[n - 1] =
          wire.delimited(TestPeer.send("split", "m\u00fc" + n, "i" + n, n, Confirmation.NONE));
    }
    byte[] glued = joined(frames);
    try (TestPeer peer = siege.peer(wire, "split")) {
      peer.raw(glued);
      expectAll(peer, frames.length);
      peer.say(new Frame.Bye(""));
    }
    try (TestPeer peer = siege.peer(wire, "split")) {
      for (byte one : glued) {
        peer.raw(new byte[] {one});
      }
      expectAll(peer, frames.length);
      peer.say(new Frame.Bye(""));
    }
  }

  private static void expectAll(TestPeer peer, int count) throws Exception {
    for (int n = 1; n <= count; n++) {
      Frame.Message message = peer.expect(Frame.Message.class);
      assertThat(message.body().asText()).isEqualTo("m\u00fc" + n);
      assertThat(message.seq()).isEqualTo(n);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void whatIsTooLargeIsRefusedBeforeItIsReadAndTheSessionResumes(Wire wire) throws Exception {
    TestPeer peer = TestPeer.connect(siege.address(), wire);
    peer.say(TestPeer.hello("large", "client", null));
    Frame.Welcome welcome = peer.expect(Frame.Welcome.class);
    int tooMuch = welcome.maxFrame() + 1;
    siege.counts(
        Refusal.FRAME_TOO_LARGE,
        1,
        () -> {
          peer.raw(
              switch (wire) {
                case JSON -> ("{" + "x".repeat(tooMuch)).getBytes(StandardCharsets.US_ASCII);
                case BINARY -> Wire.varint(tooMuch);
                case WEB_JSON -> TestWebSocket.header(0x81, tooMuch);
                case WEB_BINARY -> TestWebSocket.header(0x82, tooMuch);
              });
          assertThat(peer.expect(Frame.Error.class).code())
              .isEqualTo(Refusal.FRAME_TOO_LARGE.code());
          peer.awaitEnd();
        });
    if (wire.isWeb()) {
      assertThat(peer.closeCode()).isEqualTo(1009);
    }
    try (TestPeer again = TestPeer.connect(siege.address(), wire)) {
      again.say(TestPeer.hello("large", "client", new Frame.Resume(welcome.session(), 0)));
      assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
      again.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aFrameThatIsCutInTheMiddleIsNotTaken(Wire wire) throws Exception {
    try (TestPeer other = siege.peer(Wire.JSON, "half-reader")) {
      byte[] whole = wire.delimited(TestPeer.send("half-reader", "half", "", 0, Confirmation.NONE));
      TestPeer peer = siege.peer(wire, "half");
      peer.raw(java.util.Arrays.copyOf(whole, whole.length - 1));
      peer.cut();
      other.tell("half-reader", "whole");
      assertThat(other.expect(Frame.Message.class).body().asText()).isEqualTo("whole");
      other.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aSecondHelloIsRefusedAndTheConnectionLivesOn(Wire wire) throws Exception {
    try (TestPeer peer = siege.peer(wire, "twice")) {
      peer.say(TestPeer.hello("root", "auto", null));
      Frame.Refuse refuse = peer.expect(Frame.Refuse.class);
      assertThat(refuse.code()).isEqualTo(Refusal.WRONG_PHASE.code());
      assertThat(refuse.frame()).isEqualTo("hello");
      peer.tell("twice", "still me");
      assertThat(peer.expect(Frame.Message.class).from()).isEqualTo("twice");
      peer.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void addressesOutOfGrammarAreRefused(Wire wire) throws Exception {
    try (TestPeer peer = siege.peer(wire, "namer")) {
      long n = 0;
      for (String to : BadNames.ALL) {
        n++;
        peer.say(TestPeer.send(to, "x", "i" + n, n, Confirmation.NONE));
        Frame.Refuse refuse = peer.expect(Frame.Refuse.class);
        assertThat(refuse.code()).as(to).isEqualTo(BAD_NAME.code());
        assertThat(refuse.n()).isEqualTo(n);
        assertThat(refuse.reason()).as("nothing of the input comes back").doesNotContain(to);
      }
      peer.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void forgedAcksRemoveNothingAndAreCounted(Wire wire) throws Exception {
    try (TestPeer writer = siege.peer(Wire.BINARY, "ack-writer");
        TestPeer peer = TestPeer.connect(siege.address(), wire)) {
      peer.say(TestPeer.hello("acker", "client", null));
      String session = peer.expect(Frame.Welcome.class).session();
      writer.tell("acker", "kept");
      assertThat(peer.expect(Frame.Message.class).seq()).isEqualTo(1);
      siege.counts(
          OUT_OF_SEQUENCE,
          4,
          () -> {
            peer.say(new Frame.Ack(2));
            peer.say(new Frame.Ack((1L << 53) - 1));
            peer.say(new Frame.Reject(2, "not mine", true));
            peer.say(new Frame.Reject((1L << 53) - 1, "not mine", false));
            peer.say(new Frame.Ping(1, Map.of()));
            peer.expect(Frame.Pong.class);
          });
      peer.cut();
      try (TestPeer again = TestPeer.connect(siege.address(), wire)) {
        again.say(TestPeer.hello("acker", "client", new Frame.Resume(session, 0)));
        assertThat(again.expect(Frame.Welcome.class).resumed()).isTrue();
        assertThat(again.expect(Frame.Message.class).body().asText()).isEqualTo("kept");
        again.say(new Frame.Bye(""));
      }
      writer.say(new Frame.Bye(""));
    }
  }
}
