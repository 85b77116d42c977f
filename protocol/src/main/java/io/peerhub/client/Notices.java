package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.concurrent.TimeoutException;

/** What a client tells its user, put into the order of one thread, and counted. */
final class Notices {
  private final ClientListener listener;
  private final Notifier notifier;
  private long dropped;

  Notices(ClientListener listener, Notifier notifier) {
    this.listener = listener;
    this.notifier = notifier;
  }

  Notifier notifier() {
    return notifier;
  }

  void settled(Outbox.Settlement settlement) {
    Entry entry = settlement.entry();
    if (settlement.dropped() && settlement.failure() instanceof RefusedException cause) {
      dropped++;
      notifier.post(() -> listener.onDropped(entry.message, cause));
    }
    notifier.post(
        () -> {
          if (settlement.failure() == null) {
            entry.future.complete(settlement.outcome());
          } else {
            entry.future.completeExceptionally(settlement.failure());
          }
        });
  }

  void answered(Requests.Pending pending, Frame.FromHub answer) {
    notifier.post(() -> pending.future().complete(answer));
  }

  void failed(Requests.Pending pending, Throwable failure) {
    notifier.post(() -> pending.future().completeExceptionally(failure));
  }

  void expired(Requests.Pending pending) {
    failed(pending, new TimeoutException("no answer within the deadline"));
  }

  void state(ClientState state) {
    notifier.post(() -> listener.onState(state));
  }

  void gap(Frame.Gap gap) {
    notifier.post(() -> listener.onGap(gap));
  }

  /** Messages that the client itself let go of, with the session that they were of. */
  void lost(int count) {
    if (count > 0) {
      gap(new Frame.Gap(count, Refusal.DROPPED.reason()));
    }
  }

  void presence(Frame.Presence presence) {
    notifier.post(() -> listener.onPresence(presence));
  }

  void refused(RefusedException refusal) {
    notifier.post(() -> listener.onRefused(refusal));
  }

  long dropped() {
    return dropped;
  }
}
