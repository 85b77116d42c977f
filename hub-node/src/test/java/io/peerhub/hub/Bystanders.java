package io.peerhub.hub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pairs of peers, together on every wire, that keep asking and answering each other while something
 * is done to the hub. Every round trip has to come back: confirmed, delivered, answered, numbered
 * without a hole, and without any other frame in between.
 */
final class Bystanders {
  private static final int PAIRS = 2;

  /** Between two rounds, so that they do not take the machine from the rest of the test. */
  private static final long PAUSE_MILLIS = 2;

  private final List<TestPeer> peers = new ArrayList<>();
  private final AtomicLong rounds = new AtomicLong();
  private final ScheduledExecutorService rhythm =
      Executors.newScheduledThreadPool(PAIRS, Thread.ofVirtual().factory());
  private volatile Throwable failure;

  private Bystanders() {}

  /** How they get in. */
  interface Entrance {
    TestPeer enter(Wire wire, String identity) throws Exception;
  }

  static Bystanders start(Entrance entrance) throws Exception {
    Bystanders bystanders = new Bystanders();
    bystanders.pair(entrance, Wire.JSON, Wire.BINARY);
    bystanders.pair(entrance, Wire.WEB_BINARY, Wire.WEB_JSON);
    return bystanders;
  }

  /** How many round trips were made. */
  long rounds() {
    return rounds.get();
  }

  /** Waits until more round trips have been made than now, so that all before them is proven. */
  void goOn() {
    long enough = rounds.get() + 2L * PAIRS;
    TestHub.eventually(() -> failure != null || rounds.get() >= enough);
    assertUnharmed();
  }

  void assertUnharmed() {
    if (failure != null) {
      throw new AssertionError("a bystander was harmed after " + rounds + " rounds", failure);
    }
  }

  /** Lets them say goodbye; fails if any of them missed anything. */
  void end() throws Exception {
    goOn();
    rhythm.shutdown();
    assertThat(rhythm.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (TestPeer peer : peers) {
      peer.say(new Frame.Bye("done"));
      peer.close();
    }
    assertUnharmed();
  }

  private void pair(Entrance entrance, Wire one, Wire other) throws Exception {
    String asks = "bystander-" + one;
    String answers = "bystander-" + other;
    TestPeer asker = entrance.enter(one, asks);
    TestPeer answerer = entrance.enter(other, answers);
    peers.add(asker);
    peers.add(answerer);
    AtomicLong n = new AtomicLong();
    rhythm.scheduleWithFixedDelay(
        () -> {
          try {
            round(asker, answers, answerer, asks, n.incrementAndGet());
            rounds.incrementAndGet();
          } catch (Exception | AssertionError harmed) {
            failure = harmed;
            throw new IllegalStateException("no more rounds", harmed);
          }
        },
        0,
        PAUSE_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private static void round(TestPeer asker, String answers, TestPeer answerer, String asks, long n)
      throws Exception {
    asker.say(TestPeer.send(answers, "question " + n, "q" + n, n, Confirmation.ACCEPTED));
    expect(answerer, asks, "question " + n, n);
    Frame.Confirm confirm = asker.expect(Frame.Confirm.class);
    if (confirm.n() != n) {
      throw new AssertionError("confirmed is not " + n + " but " + confirm);
    }
    answerer.tell(asks, "answer " + n);
    expect(asker, answers, "answer " + n, n);
  }

  private static void expect(TestPeer peer, String from, String text, long seq) throws Exception {
    Frame.Message message = peer.expect(Frame.Message.class);
    if (!message.from().equals(from)
        || !message.body().asText().equals(text)
        || message.seq() != seq) {
      throw new AssertionError("expected " + text + " from " + from + ", got " + message);
    }
  }
}
