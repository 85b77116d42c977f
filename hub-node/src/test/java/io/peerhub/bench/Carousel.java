package io.peerhub.bench;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One sender to many receivers in turn, beside fixed pairs with the same tool: what it costs a hub
 * that every message goes to somebody else than the one before.
 *
 * <pre>
 *   Carousel HOST PORT HUB_PID [RECEIVERS=10000 [WINDOW=256 [MESSAGES=1000000]]]
 * </pre>
 *
 * <p>Prints for each load the messages a second and the processor time of the hub a message, over
 * so many messages; each load has as many again before, in which the hub is compiled. The window of
 * the carousel is for all receivers together, so that no receiver ever has two messages in one
 * write. Hence two loads of 250 pairs: with 32 messages outstanding each, as in the generator's w3,
 * where several share a write, and with one, where none does. The first tells what the carousel
 * costs in all, the second how much of that is the kernel's price of a write.
 *
 * <p>The hub runs in development mode, and takes 10,000,000 sends a second of one peer. Anything
 * but a message ends the run, and so does a message that is not there a second after the last.
 */
public final class Carousel implements Guest.Host {
  private static final int PAIRS = 250;
  private static final int BODY_BYTES = 64;
  private static final int ARRIVING_MAX = 200;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Swarm swarm;
  private final String name;
  private final List<String> awaited;
  private final Map<String, Guest> present = new HashMap<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final CompletableFuture<Void> assembled = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private CompletableFuture<Void> reached = failed;
  private int called;
  private long mark;
  private long delivered;
  private long outstanding;
  private boolean over;

  private Carousel(Swarm swarm, String name, List<String> peers) {
    this.swarm = swarm;
    this.name = name;
    this.awaited = peers;
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    InetSocketAddress hub = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    Processor processor = Processor.of(Long.parseLong(arguments[2]));
    int receivers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10_000;
    int window = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 256;
    long count = arguments.length > 5 ? Long.parseLong(arguments[5]) : 1_000_000;
    try (Swarm swarm = new Swarm(hub)) {
      double shared = pairs(swarm, processor, "pairs, 32 each", 32, count);
      double alone = pairs(swarm, processor, "pairs, 1 each", 1, count);
      List<String> riders = names("rider", receivers);
      Carousel load = new Carousel(swarm, "carousel", joined(List.of("crier"), riders));
      load.assemble();
      load.lane("crier", riders);
      double carousel = load.run(processor, window, count);
      System.out.printf(
          Locale.ROOT,
          "carousel: %.2f times the pairs with 32 each, %.2f times those with 1%n",
          carousel / shared,
          carousel / alone);
    }
  }

  private static double pairs(Swarm swarm, Processor processor, String name, int window, long count)
      throws Exception {
    List<String> senders = names("sender" + window, PAIRS);
    List<String> receivers = names("receiver" + window, PAIRS);
    Carousel load = new Carousel(swarm, name, joined(senders, receivers));
    load.assemble();
    for (int i = 0; i < PAIRS; i++) {
      load.lane(senders.get(i), List.of(receivers.get(i)));
    }
    return load.run(processor, window, count);
  }

  private static List<String> names(String role, int count) {
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add("%s-%05d".formatted(role, i));
    }
    return names;
  }

  private static List<String> joined(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private void assemble() throws Exception {
    swarm.call(
        () -> {
          while (called < Math.min(ARRIVING_MAX, awaited.size())) {
            callNext();
          }
          return null;
        });
    Swarm.await(assembled, SOON);
  }

  private void callNext() {
    if (called < awaited.size()) {
      swarm.connect(awaited.get(called++), this);
    }
  }

  private void lane(String sender, List<String> receivers) {
    Lane lane = new Lane(present.get(sender), receivers, Body.data(new byte[BODY_BYTES]));
    for (String receiver : receivers) {
      lanes.put(receiver, lane);
    }
  }

  /** Returns the hub's processor time a message, in microseconds. */
  private double run(Processor processor, int window, long count) throws Exception {
    swarm.call(
        () -> {
          for (Lane lane : new HashSet<>(lanes.values())) {
            for (int i = 0; i < window; i++) {
              send(lane);
            }
          }
          return null;
        });
    Swarm.await(reaching(count), LONG);
    Duration used = processor.used();
    long begun = System.nanoTime();
    Swarm.await(reaching(count), LONG);
    double seconds = (System.nanoTime() - begun) / 1e9;
    double micros = processor.used().minus(used).toNanos() / 1e3 / count;
    swarm.call(() -> over = true);
    long missing = swarm.callIn(Duration.ofSeconds(1), () -> outstanding);
    System.out.printf(
        Locale.ROOT,
        "%-14s %8.0f messages/s, hub %.2f us of processor time a message, missing %d%n",
        name,
        count / seconds,
        micros,
        missing);
    if (missing != 0 || failed.isDone()) {
      throw new IllegalStateException("messages are missing, or the hub said something else");
    }
    return micros;
  }

  /** Completes when so many more have arrived. */
  private CompletableFuture<Void> reaching(long count) throws Exception {
    return swarm.call(
        () -> {
          reached = failed.copy();
          mark = delivered + count;
          return reached;
        });
  }

  private void send(Lane lane) {
    outstanding++;
    lane.send();
  }

  @Override
  public void heard(Guest guest, Frame.FromHub frame) {
    switch (frame) {
      case Frame.Welcome welcome -> {
        present.put(guest.identity(), guest);
        callNext();
        if (present.size() == awaited.size()) {
          assembled.complete(null);
        }
      }
      case Frame.Message message -> {
        outstanding--;
        delivered++;
        if (delivered == mark) {
          reached.complete(null);
        }
        if (!over) {
          send(lanes.get(guest.identity()));
        }
      }
      case Frame.FromHub other -> fail(guest.identity() + " heard " + other);
    }
  }

  @Override
  public void lost(Guest guest) {
    if (!over) {
      fail(guest.identity() + " was cut");
    }
  }

  private void fail(String why) {
    IllegalStateException failure = new IllegalStateException(why);
    assembled.completeExceptionally(failure);
    failed.completeExceptionally(failure);
  }
}
