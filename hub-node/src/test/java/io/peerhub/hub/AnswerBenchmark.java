package io.peerhub.hub;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.wire.HandshakeProof;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long the answer to a wrong proof takes: of a device that is connected, of one that never
 * came, of one that is disabled, and of nobody; by hand, not in the build, on a machine that does
 * nothing else. Measured with and without the step of time, since the step hides what the work
 * alone must not tell either: without it the medians are alike, with it each is a multiple of the
 * step and a little. That the work is the same is proven by count in HandshakeTest.
 */
final class AnswerBenchmark {
  private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
  private static final String CONNECTED = "connected-" + RUN;
  private static final String NEVER_CAME = "never-came-" + RUN;
  private static final String DISABLED = "disabled-" + RUN;
  private static final String NOBODY = "nobody-here-" + RUN;
  private static final byte[] WRONG = Keyring.key("wrong");

  private AnswerBenchmark() {}

  public static void main(String[] args) throws Exception {
    try (TestHub plain = start("0 s");
        TestHub stepped = start("50 ms")) {
      enter(plain);
      try (TestPeer _ = Keyring.live(plain.address(), CONNECTED, Keyring.key(CONNECTED))) {
        print("without a step", medians(plain, 300));
        print("by steps of 50 ms", medians(stepped, 15));
      }
    }
  }

  private static void print(String what, long[] medians) {
    System.out.printf(
        "%s: connected, never came, disabled, nobody in ns: %s%n", what, Arrays.toString(medians));
  }

  private static void enter(TestHub plain) throws Exception {
    DeviceDesk desk = plain.node().devices();
    for (String name : List.of(CONNECTED, NEVER_CAME, DISABLED)) {
      desk.add(new Identity(name), Device.Status.APPROVED, Map.of("role", "tester"));
      desk.give(new Identity(name), Keyring.key(name), false);
    }
    desk.set(new Identity(DISABLED), Device.Status.DISABLED);
  }

  private static TestHub start(String step) throws Exception {
    return TestHub.start(
        Map.of(
            "peerhub.identity.auth",
            "hmac",
            "peerhub.identity.answer-step",
            step,
            "peerhub.identity.back-off.free",
            100_000,
            "peerhub.identity.back-off.address-burst",
            100_000));
  }

  /** The last one is that of nobody. */
  private static long[] medians(TestHub hub, int rounds) throws Exception {
    List<String> names = List.of(CONNECTED, NEVER_CAME, DISABLED, NOBODY);
    long[][] times = new long[names.size()][rounds];
    for (int round = -rounds / 5; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        long took = timed(hub, names.get(i));
        if (round >= 0) {
          times[i][round] = took;
        }
      }
    }
    return Arrays.stream(times)
        .mapToLong(
            each -> {
              Arrays.sort(each);
              return each[rounds / 2];
            })
        .toArray();
  }

  /** From the proof to the answer. */
  private static long timed(TestHub hub, String name) throws Exception {
    try (TestPeer peer = TestPeer.connect(hub.address(), Wire.BINARY)) {
      peer.say(Keyring.hello(name, "hmac"));
      String challenge = peer.expect(Frame.Challenge.class).nonce();
      Frame.Proof proof = Keyring.proof(name, WRONG, challenge, HandshakeProof.nonce());
      long began = System.nanoTime();
      peer.say(proof);
      peer.expect(Frame.Error.class);
      return System.nanoTime() - began;
    }
  }
}
