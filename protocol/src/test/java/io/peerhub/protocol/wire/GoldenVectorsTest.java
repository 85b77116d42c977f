package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.Vectors.Vector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other languages test their clients with, this one must agree with too. */
class GoldenVectorsTest {
  static Stream<Vector> frames() {
    return Stream.of("frames-from-peer.json", "frames-from-hub.json", "refusals.json")
        .flatMap(file -> Vectors.read(file).stream());
  }

  static List<Vector> accepted() {
    return Vectors.read("accepted.json");
  }

  static List<Vector> refused() {
    return Vectors.read("refused.json");
  }

  static List<Vector> framings() {
    return Vectors.read("framing.json");
  }

  static List<Vector> handshakes() {
    return Vectors.read("handshake.json");
  }

  @ParameterizedTest
  @MethodSource("frames")
  void readsAndWritesEveryFrameOnBothWires(Vector vector) throws BadFrame {
    Frame fromJson = decode(FrameCodec.json(), vector.json(), vector.fromPeer());
    Frame fromBinary = decode(FrameCodec.binary(), vector.hex("binary"), vector.fromPeer());

    assertThat(fromJson).isEqualTo(fromBinary);
    assertThat(vector.text("json")).startsWith("{\"" + fromJson.kind() + "\":");
    assertThat(encode(FrameCodec.json(), fromBinary)).isEqualTo(vector.text("json"));
    assertThat(hex(FrameCodec.binary(), fromJson)).isEqualTo(vector.text("binary"));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void readsOtherFormsForWhatTheyMean(Vector vector) throws BadFrame {
    Frame frame = decode(vector.codec(), vector.input(), vector.fromPeer());

    assertThat(encode(FrameCodec.json(), frame)).isEqualTo(vector.text("means"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatIsWrongAndIsAsGoodAsNewAfterwards(Vector vector) throws BadFrame {
    FrameCodec codec = vector.codec();

    BadFrame bad =
        catchThrowableOfType(
            BadFrame.class, () -> decode(codec, vector.input(), vector.fromPeer()));

    assertThat(bad).as("%s is refused", vector).isNotNull();
    assertThat(bad.refusal().code()).as(bad.getMessage()).isEqualTo(vector.number("code"));
    assertThat(bad.kind()).as(bad.getMessage()).isEqualTo(vector.text("frame"));
    assertThat(bad.id()).isEqualTo(vector.text("id"));
    assertThat(bad.n()).isEqualTo(vector.number("n"));
    Frame.Ack ack = new Frame.Ack(1);
    ByteSink out = new ByteSink();
    codec.encode(ack, out);
    assertThat(codec.decodeFromPeer(out.array(), 0, out.length())).isEqualTo(ack);
  }

  @ParameterizedTest
  @MethodSource("framings")
  void findsTheFramesOfAStream(Vector vector) {
    List<String> found = new ArrayList<>();
    int refusal = 0;
    Framing framing =
        vector.text("framing").equals("lines")
            ? Framing.lines(vector.number("limit"))
            : Framing.lengthPrefixed(vector.number("limit"));
    byte[] unread = new byte[0];
    try {
      for (byte[] chunk : vector.hexes("stream")) {
        unread = read(framing, concatenated(unread, chunk), found);
      }
    } catch (BadFrame bad) {
      refusal = bad.refusal().code();
    }

    assertThat(found)
        .isEqualTo(vector.hexes("frames").stream().map(HexFormat.of()::formatHex).toList());
    assertThat(refusal).isEqualTo(vector.number("code"));
  }

  private static byte[] read(Framing framing, byte[] bytes, List<String> found) throws BadFrame {
    int from = 0;
    while (framing.next(bytes, from, bytes.length)) {
      int end = framing.offset() + framing.length();
      found.add(HexFormat.of().formatHex(bytes, framing.offset(), end));
      from = framing.end();
    }
    return Arrays.copyOfRange(bytes, framing.end(), bytes.length);
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("handshakes")
  void provesTheKeyOnBothSides(Vector vector) {
    assertThat(mac(vector, HandshakeProof.Side.PEER)).isEqualTo(vector.text("peerMac"));
    assertThat(mac(vector, HandshakeProof.Side.HUB)).isEqualTo(vector.text("hubMac"));
  }

  private static String mac(Vector vector, HandshakeProof.Side side) {
    return HandshakeProof.mac(
        vector.hex("key"),
        side,
        vector.text("peer"),
        vector.text("hubNonce"),
        vector.text("peerNonce"));
  }

  @Test
  void hasAVectorForEveryKindOfFrameInEveryDirection() {
    for (Shape shape : Shape.values()) {
      String opening = "{\"" + shape.kind + "\":";
      if (shape.speaker.includes(Shape.Speaker.PEER)) {
        assertThat(frames()).anyMatch(v -> v.fromPeer() && v.text("json").startsWith(opening));
      }
      if (shape.speaker.includes(Shape.Speaker.HUB)) {
        assertThat(frames()).anyMatch(v -> !v.fromPeer() && v.text("json").startsWith(opening));
      }
    }
  }

  @Test
  void hasAVectorForEveryRefusal() {
    assertThat(Vectors.read("refusals.json").stream().map(Vector::name))
        .containsExactlyElementsOf(Stream.of(Refusal.values()).map(Refusal::name).toList());
  }

  private static Frame decode(FrameCodec codec, byte[] bytes, boolean fromPeer) throws BadFrame {
    return fromPeer
        ? codec.decodeFromPeer(bytes, 0, bytes.length)
        : codec.decodeFromHub(bytes, 0, bytes.length);
  }

  private static byte[] bytes(FrameCodec codec, Frame frame) {
    ByteSink out = new ByteSink();
    codec.encode(frame, out);
    return out.toByteArray();
  }

  private static String encode(FrameCodec codec, Frame frame) {
    return new String(bytes(codec, frame), StandardCharsets.UTF_8);
  }

  private static String hex(FrameCodec codec, Frame frame) {
    return HexFormat.of().formatHex(bytes(codec, frame));
  }
}
