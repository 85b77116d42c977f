package io.peerhub.client;

import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What tests of the client share: settings that retry quickly, and a listener that remembers. */
final class Clients {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is not to come in the life of a test, however slow the machine is. */
  static final Duration NEVER = Duration.ofHours(1);

  /** The longest that a client may be told to wait for a step of its opening. */
  private static final Duration STEP = Duration.ofMinutes(10);

  private Clients() {}

  static ClientSettings.Builder settings(FakeHub... hubs) {
    ClientSettings.Builder builder =
        ClientSettings.builder("alice")
            .retry(new ClientSettings.Retry(Duration.ofMillis(5), Duration.ofMillis(20), 0))
            .patience(closing(Duration.ZERO))
            .limits(new ClientSettings.Limits(2_000, NEVER, 100_000, 8_192, 16L << 20, 65_536));
    for (FakeHub hub : hubs) {
      builder.server(hub.address());
    }
    return builder;
  }

  /** A client whose opening may take as long as it takes, and whose close waits so long at most. */
  static ClientSettings.Patience closing(Duration limit) {
    return new ClientSettings.Patience(STEP, STEP, limit);
  }

  /** What a future has in the end. */
  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks until it is so. */
  static void until(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new AssertionError("it did not come about in " + PATIENCE);
      }
      Thread.yield();
    }
  }

  /** Takes the next, or fails: no test waits for ever. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("nothing came in " + PATIENCE);
    }
    return next;
  }

  /** Everything that a client told. */
  static final class Log implements ClientListener {
    final BlockingQueue<ClientState> states = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame.Gap> gaps = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame.Receipt> receipts = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame.Presence> presences = new LinkedBlockingQueue<>();
    final BlockingQueue<RefusedException> refusals = new LinkedBlockingQueue<>();
    final List<Outgoing> dropped = new CopyOnWriteArrayList<>();

    @Override
    public void onState(ClientState state) {
      states.add(state);
    }

    @Override
    public void onGap(Frame.Gap gap) {
      gaps.add(gap);
    }

    @Override
    public void onReceipt(Frame.Receipt receipt) {
      receipts.add(receipt);
    }

    @Override
    public void onPresence(Frame.Presence presence) {
      presences.add(presence);
    }

    @Override
    public void onRefused(RefusedException refusal) {
      refusals.add(refusal);
    }

    @Override
    public void onDropped(Outgoing message, RefusedException cause) {
      dropped.add(message);
    }

    /** Waits for the next state of this kind, and passes over others. */
    <S extends ClientState> S await(Class<S> kind) throws InterruptedException {
      while (true) {
        ClientState state = next(states);
        if (kind.isInstance(state)) {
          return kind.cast(state);
        }
      }
    }
  }
}
