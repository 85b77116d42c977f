package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How long the answer to a wrong proof takes: of a device that is connected, of one that never
 * came, of one that is disabled, and of nobody. Measured with and without the step of time, since
 * the step hides what the work alone must not tell either. In turns, and by medians, so that what
 * else the machine does falls on all of them.
 */
class AnswerTimeTest {
  private static final String RUN = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
  private static final String CONNECTED = "connected-" + RUN;
  private static final String NEVER_CAME = "never-came-" + RUN;
  private static final String DISABLED = "disabled-" + RUN;
  private static final String NOBODY = "nobody-here-" + RUN;
  private static final byte[] WRONG = Keyring.key("wrong");

  private static TestHub plain;
  private static TestHub stepped;
  private static TestPeer connected;

  @BeforeAll
  static void start() throws Exception {
    plain = start("0 s");
    stepped = start("50 ms");
    DeviceDesk desk = plain.node().devices();
    for (String name : List.of(CONNECTED, NEVER_CAME, DISABLED)) {
      desk.add(new Identity(name), Device.Status.APPROVED, Map.of("role", "tester"));
      desk.give(new Identity(name), Keyring.key(name), false);
    }
    desk.set(new Identity(DISABLED), Device.Status.DISABLED);
    connected = Keyring.live(plain.address(), CONNECTED, Keyring.key(CONNECTED));
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

  @AfterAll
  static void stop() throws Exception {
    connected.close();
    stepped.close();
    plain.close();
  }

  @Test
  void theWorkAloneDoesNotTellWhoExists() throws Exception {
    long[] medians = medians(plain, 300);
    for (int i = 0; i < medians.length - 1; i++) {
      double ratio = (double) medians[i] / medians[medians.length - 1];
      assertThat(ratio).as("medians in ns: %s", Arrays.toString(medians)).isBetween(0.7, 1.4);
    }
  }

  @Test
  void withTheStepAllAnswersComeAtOneTime() throws Exception {
    long[] medians = medians(stepped, 15);
    for (long median : medians) {
      assertThat(median % 50_000_000L)
          .as("past a step, in ns: %s", Arrays.toString(medians))
          .isLessThan(25_000_000L);
    }
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
