package io.peerhub.client;

import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.util.concurrent.CompletableFuture;

/** One send on its way, from the call until its outcome is known. Guarded like its outbox. */
final class Entry {
  final Outgoing message;
  final CompletableFuture<Outcome> future = new CompletableFuture<>();
  final int size;
  final long submittedAt;

  /** Its place among all sends of the client: kept when it has to be written again. */
  final long order;

  /** Its number in the session; 0 while it waits. */
  long n;

  /** When it was last written. */
  long writtenAt;

  /** Whether it was ever written, so that the hub may have it. */
  boolean written;

  boolean settled;

  Entry(Outgoing message, long order, long now) {
    this.message = message;
    this.order = order;
    this.submittedAt = now;
    this.size = message.size();
  }

  boolean wantsAnswer() {
    return message.confirm() != Confirmation.NONE;
  }

  /** Whether a confirmation with this status is the one that was asked for. */
  boolean isAnsweredBy(Confirmation status) {
    return switch (status) {
      case NONE -> false;
      case ACCEPTED -> !message.isLive() || message.confirm() == Confirmation.ACCEPTED;
      case DELIVERED -> true;
    };
  }

  /** The frame; of a time to live that was given, what is left of it goes out. */
  Frame.Send toFrame(long number, long now) {
    long ttlMs = message.ttl().toMillis();
    if (ttlMs > 0) {
      ttlMs = Math.max(1, ttlMs - (now - submittedAt) / 1_000_000);
    }
    return new Frame.Send(
        message.to(),
        message.body(),
        message.id(),
        number,
        message.delivery(),
        message.confirm(),
        (int) ttlMs,
        message.re(),
        message.headers());
  }
}
