package io.peerhub.bench;

import io.peerhub.protocol.Frame;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Very many peers that connect at the same instant, as after a node or a network came back.
 *
 * <pre>
 *   Storm HOST PORT HUB_PID [PEERS=10000 [WITHIN_SECONDS=20 [KEY_FILE]]]
 * </pre>
 *
 * <p>With a key, all of them are devices that have it ({@link Enrolment}).
 *
 * <p>All connect at once and say hello when they are connected. Who is refused or cut comes again
 * as a client does: after a random part of a time that begins at 0.5 s and doubles up to 60 s.
 * Prints when 50, 99 and 100 % had their {@code welcome}, counted from the first connect, what was
 * refused, and the hub's processor time.
 */
public final class Storm implements Guest.Host {
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
  private static final int DOUBLINGS_MAX = 7;

  private final Swarm swarm;
  private final long[] welcomedAt;
  private final Map<String, Integer> tries = new TreeMap<>();
  private final Map<Integer, Integer> refusals = new TreeMap<>();
  private final CompletableFuture<Void> everybody = new CompletableFuture<>();
  private int welcomed;
  private int comebacks;

  private Storm(Swarm swarm, int peers) {
    this.swarm = swarm;
    this.welcomedAt = new long[peers];
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    InetSocketAddress hub = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    Processor processor = Processor.of(Long.parseLong(arguments[2]));
    int peers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10_000;
    long within = arguments.length > 4 ? Long.parseLong(arguments[4]) : 20;
    byte[] key = arguments.length > 5 ? Files.readAllBytes(Path.of(arguments[5])) : null;
    try (Swarm swarm = new Swarm(hub, key)) {
      new Storm(swarm, peers).run(processor, Duration.ofSeconds(within));
    }
  }

  private void run(Processor processor, Duration within) throws Exception {
    Duration used = processor.used();
    long begun = System.nanoTime();
    swarm.call(
        () -> {
          for (int i = 0; i < welcomedAt.length; i++) {
            swarm.connect(Enrolment.name(i), this);
          }
          return null;
        });
    double connecting = (System.nanoTime() - begun) / 1e9;
    Swarm.await(everybody, within);
    System.out.printf(
        Locale.ROOT,
        "%d peers: connects begun after %.2f s, 50 %% welcome after %.2f s, 99 %% after %.2f s,"
            + " 100 %% after %.2f s; came again %d, refusals %s; hub %.2f s of processor time%n",
        welcomedAt.length,
        connecting,
        secondsTo(50, begun),
        secondsTo(99, begun),
        secondsTo(100, begun),
        comebacks,
        refusals,
        processor.used().minus(used).toMillis() / 1e3);
  }

  private double secondsTo(int percent, long begun) {
    return (welcomedAt[welcomedAt.length * percent / 100 - 1] - begun) / 1e9;
  }

  @Override
  public void heard(Guest guest, Frame.FromHub frame) {
    switch (frame) {
      case Frame.Welcome welcome -> {
        tries.remove(guest.identity());
        welcomedAt[welcomed++] = System.nanoTime();
        if (welcomed == welcomedAt.length) {
          everybody.complete(null);
        }
      }
      case Frame.Error error -> refusals.merge(error.code(), 1, Integer::sum);
      case Frame.FromHub other -> {}
    }
  }

  @Override
  public void lost(Guest guest) {
    if (everybody.isDone()) {
      return;
    }
    comebacks++;
    int before = Math.min(DOUBLINGS_MAX, tries.merge(guest.identity(), 1, Integer::sum) - 1);
    long most = FIRST_BACK_OFF.toMillis() << before;
    Duration wait = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most));
    swarm.later(wait, () -> swarm.connect(guest.identity(), this));
  }
}
