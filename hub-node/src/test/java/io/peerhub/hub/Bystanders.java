package io.peerhub.hub;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Pairs of peers, together on every wire, that keep asking and answering each other while something
 * is done to the hub. Every round trip has to come back: confirmed, delivered, answered, numbered
 * without a hole, and without any other frame in between.
 */
final class Bystanders {
  private static final long PAUSE_NANOS = 2_000_000;

  private final List<TestPeer> peers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong rounds = new AtomicLong();
  private volatile Throwable failure;
  private volatile boolean closing;

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
    long enough = rounds.get() + 2L * threads.size();
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
    closing = true;
    for (Thread thread : threads) {
      thread.join(TestPeer.SOON);
    }
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
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (long n = 1; !closing; n++) {
                      round(asker, answers, answerer, asks, n);
                      rounds.incrementAndGet();
                      LockSupport.parkNanos(PAUSE_NANOS);
                    }
                  } catch (Exception | AssertionError harmed) {
                    failure = harmed;
                  }
                }));
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
