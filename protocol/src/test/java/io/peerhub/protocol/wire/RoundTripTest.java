package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What is written is read again as it was, on each wire and from one to the other. */
class RoundTripTest {
  private static final long MAX = Frame.NUMBER_END - 1;

  private final FrameCodec json = FrameCodec.json();
  private final FrameCodec binary = FrameCodec.binary();
  private final ByteSink out = new ByteSink();

  @Provide
  Arbitrary<Frame.FromPeer> fromPeer() {
    return AnyFrame.fromPeer();
  }

  @Provide
  Arbitrary<Frame.FromHub> fromHub() {
    return AnyFrame.fromHub();
  }

  @Provide
  Arbitrary<Frame.Message> messages() {
    return AnyFrame.message();
  }

  /** UTF-8, nearly UTF-8, and no UTF-8 at all. */
  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.oneOf(
            Arbitraries.bytes(),
            Arbitraries.of(
                (byte) 0xc2,
                (byte) 0xe0,
                (byte) 0xed,
                (byte) 0xf0,
                (byte) 0xf4,
                (byte) 0x80,
                (byte) 0x8f,
                (byte) 0x90,
                (byte) 0x9f,
                (byte) 0xa0,
                (byte) 0xbf,
                (byte) 'a'))
        .array(byte[].class)
        .ofMaxSize(20);
  }

  @Property
  void framesOfPeersSurviveBothWires(@ForAll("fromPeer") Frame.FromPeer frame) throws BadFrame {
    for (FrameCodec codec : new FrameCodec[] {json, binary, json}) {
      out.clear();
      codec.encode(frame, out);
      assertThat(codec.decodeFromPeer(out.array(), 0, out.length())).isEqualTo(frame);
    }
  }

  @Property
  void framesOfTheHubSurviveBothWires(@ForAll("fromHub") Frame.FromHub frame) throws BadFrame {
    for (FrameCodec codec : new FrameCodec[] {json, binary, json}) {
      out.clear();
      codec.encode(frame, out);
      assertThat(codec.decodeFromHub(out.array(), 0, out.length())).isEqualTo(frame);
    }
  }

  @Property
  void aCopyOfASharedMessageIsTheMessageUnderItsNumber(
      @ForAll("messages") Frame.Message message, @ForAll @LongRange(min = 1, max = MAX) long seq) {
    SharedMessage shared = new SharedMessage(unnumbered(message));
    for (FrameCodec codec : new FrameCodec[] {json, binary}) {
      for (long number : new long[] {seq, 1}) {
        ByteSink alone = new ByteSink();
        codec.encode(shared.as(number), alone);
        codec.encodeDelimited(shared.as(number), alone);
        out.clear();
        codec.encode(shared, number, out);
        codec.encodeDelimited(shared, number, out);
        assertThat(out.toByteArray()).isEqualTo(alone.toByteArray());
      }
    }
  }

  private static Frame.Message unnumbered(Frame.Message message) {
    return new SharedMessage(
            new Frame.Message(
                0,
                message.from(),
                message.body(),
                message.id(),
                message.to(),
                message.delivery(),
                message.re(),
                message.sentAt(),
                message.roomSeq(),
                message.redelivered(),
                message.attempt(),
                message.headers()))
        .as(0);
  }

  @Property
  void aLineHoldsOneFrame(@ForAll("fromPeer") Frame.FromPeer frame) throws BadFrame {
    out.clear();
    json.encodeDelimited(frame, out);
    json.encodeDelimited(frame, out);
    Framing framing = Framing.lines(out.length());

    assertThat(framing.next(out.array(), 0, out.length())).isTrue();
    assertThat(json.decodeFromPeer(out.array(), framing.offset(), framing.length()))
        .isEqualTo(frame);
    assertThat(framing.end()).isEqualTo(out.length() / 2);
  }

  @Property
  void aLengthStandsBeforeAFrame(@ForAll("fromHub") Frame.FromHub frame) throws BadFrame {
    out.clear();
    binary.encodeDelimited(frame, out);
    binary.encodeDelimited(frame, out);
    Framing framing = Framing.lengthPrefixed(out.length());

    assertThat(framing.next(out.array(), 0, out.length())).isTrue();
    assertThat(binary.decodeFromHub(out.array(), framing.offset(), framing.length()))
        .isEqualTo(frame);
    assertThat(framing.end()).isEqualTo(out.length() / 2);
  }

  @Property(tries = 20_000)
  void utf8IsWhatTheStrictDecoderOfTheJdkTakes(@ForAll("bytes") byte[] bytes) {
    boolean valid = true;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException malformed) {
      valid = false;
    }

    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(valid);
  }

  @Property
  void countsTheBytesOfAText(@ForAll String text) {
    assertThat(Utf8.length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }
}
