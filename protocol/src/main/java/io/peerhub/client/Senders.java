package io.peerhub.client;

import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way into a conversation: messages, requests and asks from any thread. While connected a
 * sender waits for room; while away it never does.
 */
final class Senders {
  private final Conversation conversation;
  private final Timekeeper timekeeper;
  private final String idPrefix;
  private long ids;

  /**
   * @param secret what nobody can guess: what the ids of critical messages begin with
   */
  Senders(Conversation conversation, Timekeeper timekeeper, String secret) {
    this.conversation = conversation;
    this.timekeeper = timekeeper;
    this.idPrefix = secret + "-";
  }

  /** Takes a message; waits for room while connected. */
  CompletableFuture<Outcome> send(Outgoing message) {
    conversation.lock.lock();
    try {
      awaitRoom();
      if (conversation.isClosing()) {
        return CompletableFuture.failedFuture(conversation.closedException());
      }
      Outgoing named = named(message);
      long now = conversation.now();
      boolean isRoom = conversation.isConnected() && conversation.session.outbox.hasRoom();
      Entry entry =
          isRoom
              ? conversation.session.outbox.add(named, now)
              : conversation.session.outbox.addWhileAway(named, now);
      conversation.writable.signal();
      timekeeper.wakeBy(now + Timekeeper.SWEEP_NANOS);
      return entry.future;
    } finally {
      conversation.lock.unlock();
    }
  }

  /** The notifier never waits: what makes room may be behind it in its own queue. */
  private void awaitRoom() {
    while (conversation.isConnected()
        && !conversation.isClosing()
        && !conversation.session.outbox.hasRoom()
        && !conversation.notices.notifier().isCurrent()
        && !Thread.currentThread().isInterrupted()) {
      try {
        conversation.room.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Outgoing named(Outgoing message) {
    boolean needsId = message.delivery() == DeliveryClass.CRITICAL && message.id().isEmpty();
    return needsId ? message.withId(idPrefix + ++ids) : message;
  }

  /** Sends a message whose answer somebody waits for. */
  CompletableFuture<Frame.FromHub> request(Outgoing message, Duration deadline) {
    Requests.Pending pending;
    conversation.lock.lock();
    try {
      Optional<CompletableFuture<Frame.FromHub>> refused = cannotAsk();
      if (refused.isPresent()) {
        return refused.get();
      }
      long due = conversation.now() + deadline.toNanos();
      pending = conversation.session.requests.add(message.to(), due);
      timekeeper.wakeBy(due);
    } finally {
      conversation.lock.unlock();
    }
    send(message.withId(pending.id()).withTtl(deadline))
        .whenComplete((outcome, failure) -> unsent(pending.id(), failure));
    return pending.future();
  }

  private void unsent(String id, Throwable failure) {
    if (failure != null) {
      conversation.lock.lock();
      try {
        conversation
            .session
            .requests
            .remove(id)
            .ifPresent(pending -> conversation.notices.failed(pending, failure));
      } finally {
        conversation.lock.unlock();
      }
    }
  }

  /** Asks for a presence. */
  CompletableFuture<Frame.FromHub> ask(String peer, String roomName, Duration deadline) {
    conversation.lock.lock();
    try {
      Optional<CompletableFuture<Frame.FromHub>> refused = cannotAsk();
      if (refused.isPresent()) {
        return refused.get();
      }
      long due = conversation.now() + deadline.toNanos();
      Requests.Pending pending = conversation.session.requests.addAsk(peer, roomName, due);
      if (conversation.isConnected()) {
        conversation.session.ask(pending.ask());
        conversation.writable.signal();
      }
      timekeeper.wakeBy(due);
      return pending.future();
    } finally {
      conversation.lock.unlock();
    }
  }

  private Optional<CompletableFuture<Frame.FromHub>> cannotAsk() {
    if (conversation.isClosing()) {
      return Optional.of(CompletableFuture.failedFuture(conversation.closedException()));
    }
    return conversation.session.requests.hasRoom()
        ? Optional.empty()
        : Optional.of(
            CompletableFuture.failedFuture(
                new RefusedException(Refusal.TOO_MANY, "too many requests are unanswered")));
  }
}
