package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.Vectors.Vector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Mutated vectors against both decoders and both framings: a {@link BadFrame} or a frame comes out,
 * nothing else, and no memory goes to what is only claimed. What is read is written and read again
 * as the same.
 *
 * <p>{@code -Dfuzz.inputs=100000000} tries more of them, {@code -Dfuzz.seed=N} goes another way. A
 * failure names its input.
 */
class FuzzTest {
  private static final long INPUTS = Long.getLong("fuzz.inputs", 100_000);
  private static final long SEED = Long.getLong("fuzz.seed", 37888);

  /** Inputs have some hundred bytes; what they claim would be gigabytes. */
  private static final long ALLOCATED_MAX = 1 << 20;

  /** Small, so that mutated vectors are on both sides of it. */
  private static final int MAX_FRAME = 100;

  /** A frame, and the longest that delimits one: a length of five bytes. */
  private static final int HELD_MAX = MAX_FRAME + 5;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ByteSink out = new ByteSink();

  @Test
  void nothingButFramesAndRefusalsComesOutOfTheJsonDecoder() {
    fuzzDecoder(FrameCodec.json(), Vector::json);
  }

  @Test
  void nothingButFramesAndRefusalsComesOutOfTheBinaryDecoder() {
    fuzzDecoder(FrameCodec.binary(), vector -> vector.hex("binary"));
  }

  private interface Form {
    byte[] of(Vector vector);
  }

  private void fuzzDecoder(FrameCodec codec, Form form) {
    MutatedBytes inputs = new MutatedBytes(SEED, seeds(form));
    long taken = 0;
    for (long i = 0; i < INPUTS; i++) {
      taken += holds(codec, inputs.next()) ? 1 : 0;
    }
    assertThat(taken).as("of %d inputs some are still frames", INPUTS).isPositive();
  }

  private static List<byte[]> seeds(Form form) {
    Stream<Vector> others =
        Stream.of("accepted.json", "refused.json").flatMap(file -> Vectors.read(file).stream());
    return Stream.concat(GoldenVectorsTest.frames(), others)
        .map(form::of)
        .filter(bytes -> bytes.length > 0)
        .toList();
  }

  private boolean holds(FrameCodec codec, byte[] input) {
    try {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      boolean taken = decodes(codec, input, true) | decodes(codec, input, false);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated")
          .isLessThan(ALLOCATED_MAX);
      return taken;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + SEED + ": " + HexFormat.of().formatHex(input), e);
    }
  }

  private boolean decodes(FrameCodec codec, byte[] input, boolean fromPeer) {
    Frame frame;
    try {
      frame =
          fromPeer
              ? codec.decodeFromPeer(input, 0, input.length)
              : codec.decodeFromHub(input, 0, input.length);
    } catch (BadFrame bad) {
      assertThat(bad.refusal().code()).isIn(1003, 1005);
      return false;
    }
    out.clear();
    codec.encode(frame, out);
    try {
      Frame again =
          fromPeer
              ? codec.decodeFromPeer(out.array(), 0, out.length())
              : codec.decodeFromHub(out.array(), 0, out.length());
      assertThat(again).isEqualTo(frame);
      return true;
    } catch (BadFrame bad) {
      throw new AssertionError("not read again: " + frame, bad);
    }
  }

  @Test
  void linesAreFoundTheSameHoweverTheyArrive() {
    fuzzFraming(true, vector -> concatenated(vector.json(), new byte[] {'\n'}));
  }

  @Test
  void lengthsAreFoundTheSameHoweverTheyArrive() {
    fuzzFraming(
        false,
        vector -> {
          byte[] frame = vector.hex("binary");
          ByteSink sink = new ByteSink();
          sink.put((byte) (frame.length | 0x80));
          sink.put((byte) (frame.length >>> 7));
          sink.put(frame);
          return sink.toByteArray();
        });
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void fuzzFraming(boolean lines, Form form) {
    MutatedBytes inputs = new MutatedBytes(SEED, seeds(form));
    Random random = new Random(SEED);
    for (long i = 0; i < INPUTS; i++) {
      byte[] blank = new byte[random.nextInt(4) == 0 ? random.nextInt(2 * MAX_FRAME) : 0];
      Arrays.fill(blank, (byte) '\n');
      byte[] stream = concatenated(concatenated(inputs.next(), blank), inputs.next());
      List<String> whole = frames(framing(lines), stream, stream.length, random);
      List<String> pieces = frames(framing(lines), stream, 1 + random.nextInt(9), random);
      assertThat(pieces).as(HexFormat.of().formatHex(stream)).isEqualTo(whole);
    }
  }

  private static Framing framing(boolean lines) {
    return lines ? Framing.lines(MAX_FRAME) : Framing.lengthPrefixed(MAX_FRAME);
  }

  /** The frames of a stream that arrives in pieces, each time at another place in an array. */
  private static List<String> frames(Framing framing, byte[] stream, int pieceMax, Random random) {
    List<String> found = new ArrayList<>();
    int from = 0;
    int to = 0;
    try {
      while (to < stream.length) {
        to = Math.min(stream.length, to + 1 + random.nextInt(pieceMax));
        int shift = random.nextInt(3);
        byte[] buffer = new byte[shift + to - from];
        System.arraycopy(stream, from, buffer, shift, to - from);
        int at = shift;
        while (framing.next(buffer, at, buffer.length)) {
          int frameEnd = framing.offset() + framing.length();
          found.add(HexFormat.of().formatHex(buffer, framing.offset(), frameEnd));
          assertThat(framing.end()).isGreaterThan(at);
          at = framing.end();
        }
        from += framing.end() - shift;
        assertThat(to - from).as("bytes that have to be kept").isLessThanOrEqualTo(HELD_MAX);
      }
    } catch (BadFrame bad) {
      found.add("refused " + bad.refusal().code());
    }
    return found;
  }
}
