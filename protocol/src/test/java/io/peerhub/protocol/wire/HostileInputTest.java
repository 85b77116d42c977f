package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Refusal;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames of a mebibyte that are made to cost more than they are: refused, cheaply. */
class HostileInputTest {
  private static final int MEBIBYTE = 1 << 20;

  /**
   * In turns with the ordinary frame: the quickest of each counts, since the first are slower by
   * what is not compiled.
   */
  private static final int ROUNDS = 6;

  /**
   * So many times the processor time of an ordinary frame of the size, in the same run: a ratio
   * that holds on any machine. Names of one hash take 5 times as much; whatever is quadratic takes
   * hundreds.
   */
  private static final long ORDINARY_MAX = 25;

  /** Garbage, not memory held: Jackson's table of names grows by copying. */
  private static final long GARBAGE_MAX = 160L << 20;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** As large as the attacks, and what somebody may well send. */
  private static final Attack ORDINARY =
      json("an ordinary body", body("{" + fields(70_000, "\"") + "}"), false);

  record Attack(String name, boolean binary, byte[] frame, boolean refused) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Attack> attacks() {
    return Stream.of(
        json("nesting of 100,000", "{\"send\":{\"to\":\"bob\",\"x\":" + "[".repeat(100_000), true),
        json("objects in objects", "{\"send\":".repeat(100_000), true),
        json(
            "a json body of 100,000 levels", body("[".repeat(100_000) + "]".repeat(100_000)), true),
        json("a number of a million digits", send("\"n\":" + "1".repeat(1_000_000)), true),
        json("a fraction of a million digits", send("\"x\":0." + "1".repeat(1_000_000)), true),
        json("an exponent of a million digits", send("\"x\":1e" + "1".repeat(1_000_000)), true),
        json("a million digits in a string", send("\"n\":\"" + "1".repeat(1_000_000) + "\""), true),
        json("a name of a million characters", send("\"" + "x".repeat(1_000_000) + "\":1"), true),
        json("100,000 unknown fields", send(fields(100_000, "")), false),
        json("100,000 fields in a json body", body("{" + fields(100_000, "") + "}"), false),
        json("100,000 fields, one twice", body("{" + fields(100_000, "") + ",\"1\":1}"), true),
        json("100,000 headers", send("\"headers\":{" + fields(100_000, "\"") + "}"), true),
        json("names with one hash", body("{" + collisions() + "}"), false),
        json("a text that never ends", "{\"send\":{\"text\":\"" + "x".repeat(1_000_000), true),
        json("base64 that never ends", "{\"send\":{\"data\":\"" + "A".repeat(1_000_000), true),
        json("escapes alone", send("\"text\":\"" + "\\u0000".repeat(170_000) + "\""), false),
        json("white space alone", " ".repeat(MEBIBYTE), true),
        binary("a json body of 100,000 levels", field(4, "[".repeat(100_000)), true),
        binary("entries of a map", repeated(0x82, 0x01, 0x00), false),
        binary("headers", headers(), true),
        binary("unknown groups in groups", repeated(0x9b, 0x06), true),
        binary("unknown fields", repeated(0x98, 0x06, 0x01), false),
        binary("varints without an end", repeated(0x80), true));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void costsLittle(Attack attack) throws BadFrame {
    long quickest = Long.MAX_VALUE;
    long ordinary = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      ordinary = Math.min(ordinary, costs(ORDINARY));
      long before = THREADS.getCurrentThreadAllocatedBytes();
      quickest = Math.min(quickest, costs(attack));
      long garbage = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(garbage).as("bytes allocated").isLessThan(GARBAGE_MAX);
    }

    assertThat(quickest / ordinary).as("times an ordinary frame").isLessThan(ORDINARY_MAX);
  }

  private static long costs(Attack attack) throws BadFrame {
    FrameCodec codec = attack.binary ? FrameCodec.binary() : FrameCodec.json();
    long start = THREADS.getCurrentThreadCpuTime();
    decode(codec, attack);
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  private static void decode(FrameCodec codec, Attack attack) throws BadFrame {
    if (attack.refused) {
      assertThatExceptionOfType(BadFrame.class)
          .isThrownBy(() -> codec.decodeFromPeer(attack.frame, 0, attack.frame.length))
          .matches(bad -> bad.refusal() == Refusal.MALFORMED)
          .matches(bad -> bad.getMessage().length() < 100, "says little");
    } else {
      codec.decodeFromPeer(attack.frame, 0, attack.frame.length);
    }
  }

  private static Attack json(String name, String frame, boolean refused) {
    return new Attack(name, false, frame.getBytes(StandardCharsets.UTF_8), refused);
  }

  private static String send(String fields) {
    return "{\"send\":{\"to\":\"bob\"," + fields + "}}";
  }

  private static String body(String json) {
    return send("\"json\":" + json);
  }

  private static String fields(int count, String quote) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < count; i++) {
      fields.append(i == 0 ? "" : ",").append('"').append(i).append("\":");
      fields.append(quote).append("1").append(quote);
    }
    return fields.toString();
  }

  /** Many different names that hash alike as strings: "Aa" and "BB" in every combination. */
  private static String collisions() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 1 << 15; i++) {
      fields.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < 15; bit++) {
        fields.append((i & 1 << bit) == 0 ? "Aa" : "BB");
      }
      fields.append("\":1");
    }
    return fields.toString();
  }

  /** A binary send to bob, with what follows {@code to}. */
  private static Attack binary(String name, byte[] fields, boolean refused) {
    byte[] to = field(1, "bob");
    ByteSink inner = new ByteSink();
    inner.put(to);
    inner.put(fields);
    ByteSink frame = new ByteSink();
    frame.put((byte) 0x0a);
    length(frame, inner.length());
    frame.put(inner.array(), 0, inner.length());
    return new Attack("binary: " + name, true, frame.toByteArray(), refused);
  }

  private static byte[] field(int number, String text) {
    ByteSink field = new ByteSink();
    field.put((byte) (number << 3 | Field.LENGTH_DELIMITED));
    length(field, text.length());
    field.put(text.getBytes(StandardCharsets.UTF_8));
    return field.toByteArray();
  }

  private static void length(ByteSink out, int length) {
    for (int left = length; left != 0; left >>>= 7) {
      out.put((byte) (left > 0x7f ? left | 0x80 : left));
    }
  }

  private static byte[] repeated(int... bytes) {
    ByteSink out = new ByteSink();
    while (out.length() < MEBIBYTE) {
      for (int b : bytes) {
        out.put((byte) b);
      }
    }
    return out.toByteArray();
  }

  private static byte[] headers() {
    ByteSink out = new ByteSink();
    for (int i = 0; i < 100_000; i++) {
      byte[] key = field(1, String.valueOf(i));
      out.put((byte) 0x82);
      out.put((byte) 0x01);
      out.put((byte) key.length);
      out.put(key);
    }
    return out.toByteArray();
  }
}
