package io.peerhub.client;

import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What tests of the client share: settings that retry quickly, and a listener that remembers. */
final class Clients {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Clients() {}

  static ClientSettings.Builder settings(FakeHub... hubs) {
    ClientSettings.Builder builder =
        ClientSettings.builder("alice")
            .retry(new ClientSettings.Retry(Duration.ofMillis(5), Duration.ofMillis(20), 0))
            .patience(
                new ClientSettings.Patience(
                    Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300)));
    for (FakeHub hub : hubs) {
      builder.server(hub.address());
    }
    return builder;
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
