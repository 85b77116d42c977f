package io.peerhub.faults;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.Outcome;
import io.peerhub.client.Outgoing;
import io.peerhub.client.PeerHubClient;
import io.peerhub.client.RefusedException;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbered critical messages from one client to another, as fast as their confirmations allow, and
 * what both of them saw. What contradicts the guarantees is noted as it happens.
 */
final class CriticalFlow implements AutoCloseable {
  private static final int WINDOW = 64;

  private final PeerHubClient sender;
  private final PeerHubClient receiver;
  private final String to;
  private final Semaphore room = new Semaphore(WINDOW);
  private final Thread sending;
  private final BitSet accepted = new BitSet();
  private final BitSet refused = new BitSet();
  private final BitSet received = new BitSet();
  private final List<String> faults = new ArrayList<>();
  private final AtomicInteger repeats = new AtomicInteger();
  private int highest;
  private volatile int sent;
  private volatile boolean ending;

  CriticalFlow(String from, String to, String... servers) {
    this.to = to;
    this.receiver = PeerHubClient.connect(settings(to, servers), this::onMessage);
    this.sender = PeerHubClient.connect(settings(from, servers));
    this.sending = Thread.ofVirtual().start(this::send);
  }

  static ClientSettings settings(String peer, String... servers) {
    ClientSettings.Retry often =
        new ClientSettings.Retry(Duration.ofMillis(50), Duration.ofMillis(200), 0);
    ClientSettings.Builder settings = ClientSettings.builder(peer).retry(often);
    for (String server : servers) {
      settings.server(server);
    }
    return settings.build();
  }

  private void send() {
    try {
      while (!ending) {
        room.acquire();
        int number = ++sent;
        CompletableFuture<Outcome> outcome =
            sender.send(Outgoing.critical(to, Body.text(Integer.toString(number))));
        outcome.whenComplete((done, failure) -> onOutcome(number, failure));
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void onOutcome(int number, Throwable failure) {
    if (failure == null) {
      accepted.set(number);
    } else if (failure instanceof RefusedException) {
      refused.set(number);
    }
    room.release();
  }

  private synchronized void onMessage(PeerHubClient client, Frame.Message message) {
    int number = Integer.parseInt(message.body().asText());
    if (received.get(number)) {
      repeats.incrementAndGet();
      if (!message.redelivered()) {
        faults.add(number + " came again and was not flagged");
      }
    } else if (number < highest) {
      faults.add(number + " came first behind " + highest);
    }
    received.set(number);
    highest = Math.max(highest, number);
  }

  /** How many are confirmed to be on disk. */
  synchronized int acceptedCount() {
    return accepted.cardinality();
  }

  synchronized int refusedCount() {
    return refused.cardinality();
  }

  synchronized int receivedCount() {
    return received.cardinality();
  }

  int repeatCount() {
    return repeats.get();
  }

  /** Stops sending, and waits until each send has its outcome. */
  void finish(Duration limit) throws InterruptedException, ExecutionException {
    ending = true;
    sending.join(limit);
    if (!room.tryAcquire(WINDOW, limit.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
      throw new AssertionError("sends without an outcome after " + limit);
    }
  }

  /** What was confirmed and has not come. */
  synchronized List<Integer> missing() {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(received);
    return missing.stream().boxed().toList();
  }

  /** What came although it was refused. */
  synchronized List<Integer> resurrected() {
    BitSet both = (BitSet) refused.clone();
    both.and(received);
    return both.stream().boxed().toList();
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    sending.interrupt();
    sender.close();
    receiver.close();
  }
}
