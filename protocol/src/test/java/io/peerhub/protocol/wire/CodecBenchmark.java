package io.peerhub.protocol.wire;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a frame of the hot path costs on each wire, with a body of 64 bytes. Not a test: run it by
 *
 * <pre>
 * mvn -pl protocol test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath io.peerhub.protocol.wire.CodecBenchmark"
 * </pre>
 *
 * <p>A first argument is a pattern of the benchmarks to run. Both codecs are exercised before each
 * measurement, since a hub speaks both wires and the code that they share is compiled for both.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int PEERS = 16;
  private static final int EXERCISES = 20_000;

  @Param({"binary", "json"})
  public String wire;

  private final ByteSink out = new ByteSink();
  private final Frame.Message[] messages = new Frame.Message[PEERS];
  private final byte[][] sends = new byte[PEERS][];
  private final byte[][] textSends = new byte[PEERS][];
  private final byte[][] deliveries = new byte[PEERS][];
  private FrameCodec codec;
  private byte[] ack;
  private byte[] jsonSend;
  private int turn;

  @Setup
  public void prepare() throws BadFrame {
    for (String name : new String[] {"json", "binary", wire}) {
      codec = name.equals("json") ? FrameCodec.json() : FrameCodec.binary();
      fill();
      for (int i = 0; i < EXERCISES; i++) {
        decodeSend();
        decodeTextSend();
        decodeMessage();
        decodeAck();
        decodeJsonSend();
        encodeMessage();
        encodeAck();
      }
    }
  }

  private void fill() {
    for (int i = 0; i < PEERS; i++) {
      String peer = "service-" + i + "/pod-7";
      messages[i] =
          new Frame.Message(
              123_456 + i,
              peer,
              Body.data(new byte[64]),
              "",
              "",
              DeliveryClass.LIVE,
              "",
              0,
              0,
              false,
              0,
              Map.of());
      sends[i] = encoded(send(peer, Body.data(new byte[64]), i));
      textSends[i] = encoded(send(peer, Body.text("0123456789abcdef".repeat(4)), i));
      deliveries[i] = encoded(messages[i]);
    }
    ack = encoded(new Frame.Ack(123_456));
    String value =
        "{\"temperature\":21.5,\"unit\":\"C\",\"at\":[1,2,3],\"ok\":true,\"room\":\"a1\"}";
    jsonSend = encoded(send("service-1/pod-7", Body.json(value), 1));
  }

  private static Frame.Send send(String to, Body body, int i) {
    return new Frame.Send(
        to, body, "", 123_456 + i, DeliveryClass.LIVE, Confirmation.NONE, 0, "", Map.of());
  }

  private byte[] encoded(Frame frame) {
    out.clear();
    codec.encode(frame, out);
    return out.toByteArray();
  }

  private int nextTurn() {
    turn = turn + 1 & PEERS - 1;
    return turn;
  }

  /** 64 bytes of {@code data}, {@code to} and {@code n}. */
  @Benchmark
  public Frame decodeSend() throws BadFrame {
    byte[] bytes = sends[nextTurn()];
    return codec.decodeFromPeer(bytes, 0, bytes.length);
  }

  @Benchmark
  public Frame decodeTextSend() throws BadFrame {
    byte[] bytes = textSends[nextTurn()];
    return codec.decodeFromPeer(bytes, 0, bytes.length);
  }

  @Benchmark
  public Frame decodeJsonSend() throws BadFrame {
    return codec.decodeFromPeer(jsonSend, 0, jsonSend.length);
  }

  @Benchmark
  public Frame decodeMessage() throws BadFrame {
    byte[] bytes = deliveries[nextTurn()];
    return codec.decodeFromHub(bytes, 0, bytes.length);
  }

  @Benchmark
  public Frame decodeAck() throws BadFrame {
    return codec.decodeFromPeer(ack, 0, ack.length);
  }

  @Benchmark
  public int encodeMessage() {
    out.clear();
    codec.encodeDelimited(messages[nextTurn()], out);
    return out.length();
  }

  @Benchmark
  public int encodeAck() {
    out.clear();
    codec.encodeDelimited(new Frame.Ack(123_456 + nextTurn()), out);
    return out.length();
  }

  public static void main(String[] arguments) throws RunnerException {
    String pattern = arguments.length == 0 ? "" : arguments[0];
    new Runner(
            new OptionsBuilder()
                .include(CodecBenchmark.class.getSimpleName() + ".*" + pattern)
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
