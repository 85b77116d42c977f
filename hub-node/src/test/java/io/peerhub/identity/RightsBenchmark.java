package io.peerhub.identity;

import io.peerhub.protocol.Address;
import io.peerhub.protocol.Identity;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What the check of one message costs, by how many targets a sender has in turn: one (which a
 * session does not even ask for twice), few enough to be remembered, and far too many. Not a test:
 * run its main on the test class path.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class RightsBenchmark {
  @Param({"1", "16", "4096"})
  public int targets;

  private String[] to;
  private Address[] addresses;
  private Rights open;
  private Rights ruled;
  private int turn;

  @Setup
  public void set() {
    to = new String[targets];
    addresses = new Address[targets];
    for (int i = 0; i < targets; i++) {
      to[i] = "peer-" + i + "/phone";
      addresses[i] = Address.parse(to[i]).orElseThrow();
    }
    Identity alice = new Identity("alice");
    open = new Permissions(PermissionSettings.open()).of(alice, Map.of());
    ruled =
        new Permissions(
                PermissionSettings.closed(
                    "allow * send gate-*/*,service:ingest",
                    "allow alice send ~/*,room:yard",
                    "allow alice send peer-*/*",
                    "deny * send vault/*"))
            .of(alice, Map.of());
  }

  private int next() {
    turn = turn + 1 == targets ? 0 : turn + 1;
    return turn;
  }

  @Benchmark
  public boolean withoutRules() {
    int i = next();
    return open.maySend(to[i], addresses[i]);
  }

  @Benchmark
  public boolean withRules() {
    int i = next();
    return ruled.maySend(to[i], addresses[i]);
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(RightsBenchmark.class.getName().replace(".", "\\."))
                .build())
        .run();
  }
}
