package io.peerhub.client;

import java.time.Duration;

/**
 * The one timer of a client: deadlines of requests, the ages of what waits, the silence of the hub.
 * It sleeps until the next of them; an idle client wakes once a heartbeat.
 */
final class Timekeeper {
  /** How often what waits and what is unsure is looked after, while there is any. */
  static final long SWEEP_NANOS = Duration.ofMillis(200).toNanos();

  private static final long FAR_NANOS = Duration.ofHours(1).toNanos();

  private final Conversation conversation;
  private long timerDue;

  Timekeeper(Conversation conversation) {
    this.conversation = conversation;
    this.timerDue = conversation.now();
  }

  /** Looks after what is due, until the end. */
  void keepTime() throws InterruptedException {
    conversation.lock.lock();
    try {
      while (!conversation.isClosed()) {
        long now = conversation.now();
        tick(now);
        timerDue = due(now);
        conversation.timer.awaitNanos(timerDue - now);
      }
    } finally {
      conversation.lock.unlock();
    }
  }

  private void tick(long now) {
    conversation.session.requests.expired(now).forEach(conversation.notices::expired);
    conversation.session.outbox.sweep(now);
    conversation.judgeSilence(now);
    conversation.signalAll();
  }

  private long due(long now) {
    long wait = conversation.session.isUnsure() ? SWEEP_NANOS : FAR_NANOS;
    wait = Math.min(wait, conversation.silenceDue().map(due -> due - now).orElse(wait));
    return now
        + Math.min(wait, conversation.session.requests.due().map(due -> due - now).orElse(wait));
  }

  /** Makes sure to look after things by then. Called under the conversation's lock. */
  void wakeBy(long due) {
    if (timerDue - due > 0) {
      timerDue = due;
      conversation.timer.signalAll();
    }
  }
}
