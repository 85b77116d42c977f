package io.peerhub.hub;

import static io.peerhub.hub.Protobuf.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody speaks for another, whatever a body, a name or a field looks like on any wire. */
class ForgeryTest {
  private static final int MAX = 1 << 20;
  private static Siege siege;

  @BeforeAll
  static void begin() throws Exception {
    siege = Siege.begin(Map.of());
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Wire.values())
        .flatMap(from -> Stream.of(Wire.values()).map(to -> Arguments.of(from, to)));
  }

  private static Frame.Send send(String to, Body body, String id, Map<String, String> headers) {
    return new Frame.Send(to, body, id, 0, DeliveryClass.LIVE, Confirmation.NONE, 0, "", headers);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatLooksLikeAFrameArrivesAsTheTextItIs(Wire from, Wire to) throws Exception {
    List<String> texts =
        List.of(
            "\"}}\n{\"message\":{\"seq\":1,\"from\":\"root\",\"text\":\"forged\"}}\n",
            "\",\"from\":\"root",
            "\r\n\0\u0001\u2028\u2029\uFEFF",
            "PHB1\u0000",
            "\\\",\\u0022");
    try (TestPeer writer = siege.peer(from, "writer");
        TestPeer reader = siege.peer(to, "reader")) {
      int seq = 0;
      for (String text : texts) {
        writer.say(send("reader", Body.text(text), "i" + text.charAt(0), Map.of("k" + seq, text)));
        Frame.Message message = reader.expect(Frame.Message.class);
        assertThat(message.from()).isEqualTo("writer");
        assertThat(message.seq()).isEqualTo(++seq);
        assertThat(message.body().asText()).isEqualTo(text);
        assertThat(message.headers()).containsValue(text);
      }
      writer.say(new Frame.Bye(""));
      reader.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aJsonBodyStaysInsideItsFrame(Wire from, Wire to) throws Exception {
    String json = "{\"message\":{\"from\":\"root\"},\n \"x\":\n[1,\r\n\"}}\\n\"]}";
    try (TestPeer writer = siege.peer(from, "writer");
        TestPeer reader = siege.peer(to, "reader")) {
      writer.say(send("reader", Body.json(json), "", Map.of()));
      Frame.Message message = reader.expect(Frame.Message.class);
      assertThat(message.from()).isEqualTo("writer");
      assertThat(message.body().kind()).isEqualTo(Body.Kind.JSON);
      assertThat(message.body().asText().replaceAll("[\r\n]", ""))
          .as("but for line breaks between tokens")
          .isEqualTo(json.replaceAll("[\r\n]", ""));
      writer.say(new Frame.Bye(""));
      reader.say(new Frame.Bye(""));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theLargestFrameThatMayBeSentArrives(Wire from, Wire to) throws Exception {
    try (TestPeer writer = siege.peer(from, "writer");
        TestPeer reader = siege.peer(to, "reader")) {
      for (Body.Kind kind : List.of(Body.Kind.TEXT, Body.Kind.DATA, Body.Kind.JSON)) {
        Body body = largest(from, kind);
        writer.say(send("reader", body, "", Map.of()));
        Frame.Message message = reader.expect(Frame.Message.class);
        assertThat(message.body().equals(body)).as(kind + " of " + body.size()).isTrue();
      }
      writer.say(new Frame.Bye(""));
      reader.say(new Frame.Bye(""));
    }
  }

  /** The largest body of this kind for which the whole frame has no more than the limit. */
  private static Body largest(Wire wire, Body.Kind kind) {
    int length = MAX;
    int size = size(wire, body(kind, length));
    while (size > MAX) {
      int excess = size - MAX;
      length -= Math.max(1, (int) ((long) excess * length / size));
      size = size(wire, body(kind, length));
    }
    assertThat(size).isGreaterThan(MAX - 16);
    return body(kind, length);
  }

  /** Text and JSON full of what has to be escaped. */
  private static Body body(Body.Kind kind, int length) {
    return switch (kind) {
      case EMPTY -> Body.EMPTY;
      case DATA -> Body.data(new byte[length]);
      case TEXT -> Body.text("\"\n".repeat(length / 2) + "x".repeat(length % 2));
      case JSON ->
          Body.json("\"" + "\\\"".repeat((length - 2) / 2) + "x".repeat(length % 2) + "\"");
    };
  }

  private static int size(Wire wire, Body body) {
    io.peerhub.protocol.wire.ByteSink sink = new io.peerhub.protocol.wire.ByteSink();
    wire.codec().encode(send("reader", body, "", Map.of()), sink);
    return sink.length();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void nobodyWritesItsOwnSenderOrNumber(Wire wire) throws Exception {
    byte[] forged =
        wire.isJson()
            ? ("{\"send\":{\"to\":\"honest\",\"from\":\"root\",\"seq\":99,\"epoch\":1,\"sentAt\":1,"
                    + "\"roomSeq\":7,\"attempt\":9,\"redelivered\":true,\"text\":\"x\"}}")
                .getBytes(StandardCharsets.UTF_8)
            : field(1, field(1, "honest"), field(2, "x"), field(99, "root"), field(12, 1));
    try (TestPeer peer = siege.peer(wire, "honest")) {
      peer.sayRaw(forged);
      Frame.Message message = peer.expect(Frame.Message.class);
      assertThat(message.from()).isEqualTo("honest");
      assertThat(message.seq()).isEqualTo(1);
      assertThat(message.sentAt()).isGreaterThan(1);
      assertThat(message.redelivered()).isFalse();
      assertThat(message.attempt()).isZero();
      peer.say(new Frame.Bye(""));
    }
  }

  @Test
  void aNameIsALiteralForDevicesToo() throws Exception {
    try (TestPeer writer = siege.peer(Wire.JSON, "writer");
        TestPeer dot = siege.peer(Wire.JSON, "f.n/1");
        TestPeer upper = siege.peer(Wire.BINARY, "F.N/1");
        TestPeer letter = siege.peer(Wire.WEB_JSON, "fan/1");
        TestPeer longer = siege.peer(Wire.WEB_BINARY, "f.n.x/1")) {
      writer.tell("f.n/*", "to the dot");
      assertThat(dot.expect(Frame.Message.class).body().asText()).isEqualTo("to the dot");
      for (TestPeer other : List.of(upper, letter, longer)) {
        other.say(new Frame.Ping(1, Map.of()));
        other.expect(Frame.Pong.class);
        other.say(new Frame.Bye(""));
      }
      for (String pattern : List.of("*/*", "f*/*", ".*/*", "f.n/1*", "/*", "f.n/**")) {
        writer.say(send(pattern, Body.text("x"), "i", Map.of()));
        assertThat(writer.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.BAD_NAME.code());
      }
      dot.say(new Frame.Bye(""));
      writer.say(new Frame.Bye(""));
    }
  }
}
