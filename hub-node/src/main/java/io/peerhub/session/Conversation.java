package io.peerhub.session;

import io.peerhub.delivery.DeliveryWindow;
import io.peerhub.delivery.LiveQueue;
import io.peerhub.peer.Mail;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.function.Consumer;

/**
 * The receiving half of a session: what waits for the peer, what was written to it, and what it has
 * acknowledged. Belongs to its session and its loop's thread.
 *
 * <p>Guarantees that messages leave in the order in which they came, that what is dropped is
 * counted, told to the sender where it asked, and told to the receiver by one {@code gap} in place;
 * and that at most the limits of the settings wait. While there is no connection everything waits.
 */
final class Conversation {
  private static final String DROPPED = "dropped by a limit";

  private final Surroundings with;
  private final DeliveryWindow<Mail.Delivery> window;
  private final LiveQueue<Mail.Delivery> queue;
  private Outlet outlet;

  Conversation(Surroundings with, boolean clientAcks, int window) {
    this.with = with;
    long maxBytes = with.settings().queueMaxBytes();
    this.window = new DeliveryWindow<>(clientAcks, window, maxBytes, Mail.Delivery::weight);
    this.queue = new LiveQueue<>(with.settings().queueMaxCount(), with.settings().queueMaxBytes());
  }

  /** Writes to this connection from now on; nothing is written before {@link #flow()}. */
  void connect(Outlet outlet) {
    this.outlet = outlet;
  }

  /** The connection is gone: from now on everything waits. */
  void disconnect() {
    outlet = null;
  }

  DeliveryWindow<Mail.Delivery> window() {
    return window;
  }

  long waitingBytes() {
    return queue.bytes();
  }

  /** How many are missing and have not been told. */
  long lost() {
    return queue.lost();
  }

  /**
   * A message has come: writes it, or lets it wait behind the others.
   *
   * @return whether it waits, so that its end has to be looked for
   */
  boolean deliver(Mail.Delivery message) {
    boolean writes = outlet != null && queue.isEmpty() && window.hasRoom() && outlet.writable();
    if (writes) {
      write(message, false);
    } else if (!enqueue(message)) {
      return false;
    }
    if (message.confirm() == Confirmation.ACCEPTED) {
      confirm(message, Confirmation.ACCEPTED);
    }
    return !writes;
  }

  /** Messages to this peer were lost before they came here. */
  void lost(long count) {
    queue.lostBehind(count);
    if (queue.isEmpty()) {
      tellLost();
    }
  }

  /** Writes what waits, as far as window and connection have room. */
  void flow() {
    long now = queue.isEmpty() ? 0 : with.nanos().getAsLong();
    while (outlet != null && !queue.isEmpty() && window.hasRoom() && outlet.writable()) {
      if (queue.headExpiresAt() - now <= 0) {
        drop(polled(queue.poll()), Drop.EXPIRED, Refusal.EXPIRED);
      } else {
        tellLost();
        write(polled(queue.poll()), false);
      }
    }
    if (queue.isEmpty()) {
      tellLost();
    }
  }

  /** Takes out what has expired; says when the next one will, Long.MAX_VALUE if none waits. */
  long expire(long now) {
    if (queue.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long before = queue.bytes();
    long next = queue.expire(now, message -> drop(message, Drop.EXPIRED, Refusal.EXPIRED));
    released(before - queue.bytes());
    return next;
  }

  /** The receiver has processed everything up to {@code seq}. */
  void ack(long seq) {
    switch (window.ack(seq, this::taken)) {
      case TAKEN -> flow();
      case STALE -> {}
      // Forged or confused: it removes nothing, and is counted.
      case UNKNOWN -> with.meters().refused(Refusal.OUT_OF_SEQUENCE);
    }
  }

  /** The receiver could not process this one. Live messages are tried once only. */
  void reject(long seq) {
    Mail.Delivery message = window.reject(seq);
    if (message == null) {
      with.meters().refused(Refusal.OUT_OF_SEQUENCE);
      return;
    }
    if (message.confirm() == Confirmation.DELIVERED) {
      refuse(message, Refusal.DROPPED);
    }
    flow();
  }

  /** Tells what is missing before anything else follows. */
  void gap(long count, String reason) {
    outlet.send(new Frame.Gap(count, reason));
  }

  /** Writes again what the peer has not seen, under its old numbers. */
  void replay() {
    for (DeliveryWindow.Written<Mail.Delivery> written : window.unacked()) {
      outlet.send(message(written.delivery(), written.seq(), true, written.attempt()));
      with.meters().count(Meter.REDELIVERED);
    }
    if (!window.keeps()) {
      // It acknowledged before and does not any more: what is written is processed.
      window.ack(window.lastSeq(), this::taken);
    }
  }

  /** Writes a message that an older session had written, under a new number. */
  void repeat(Mail.Delivery message) {
    if (outlet == null) {
      enqueue(message);
    } else {
      write(message, true);
    }
  }

  /** The receiver has processed this one, which an older session had written. */
  void processed(Mail.Delivery message) {
    taken(message);
  }

  /** Lets a message wait that waited elsewhere before; false if there is no room for it at all. */
  boolean enqueue(Mail.Delivery message) {
    int weight = message.weight();
    if (!with.backlogs().take(weight)) {
      drop(message, Drop.BUDGET, Refusal.DROPPED);
      queue.lostBehind(1);
      return false;
    }
    if (queue.isEmpty()) {
      with.backlogs().enter(this);
    }
    queue.add(message, weight, with.nanos().getAsLong() + message.ttlMs() * 1_000_000L);
    for (Mail.Delivery oldest; (oldest = queue.overflow()) != null; ) {
      drop(polled(oldest), Drop.QUEUE_FULL, Refusal.DROPPED);
    }
    return !queue.isEmpty();
  }

  /** The node is short of memory and this is its longest backlog. */
  void giveUpOldest() {
    drop(polled(queue.lose()), Drop.BUDGET, Refusal.DROPPED);
  }

  /** Hands over the counters, what was written (for a resume), what waits; the end is not said. */
  void handOver(HandOver.State counters, boolean resumes, Consumer<HandOver> to) {
    to.accept(counters);
    if (resumes) {
      long first = window.unackedCount() == 0 ? 0 : window.unacked().iterator().next().seq();
      window.drain(
          written -> {
            // Only the first one can be what the peer choked on.
            int attempt = written.attempt() + (written.seq() == first ? 1 : 0);
            to.accept(new HandOver.Written(written.seq(), attempt, written.delivery()));
          });
    } else {
      window.drain(this::unknown);
    }
    long now = with.nanos().getAsLong();
    while (!queue.isEmpty()) {
      int ttlMs = (int) ((queue.headExpiresAt() - now) / 1_000_000);
      Mail.Delivery message = polled(queue.poll());
      if (ttlMs <= 0) {
        drop(message, Drop.EXPIRED, Refusal.EXPIRED);
      } else {
        to.accept(new HandOver.Waiting(message.withTtl(ttlMs)));
      }
    }
  }

  /**
   * The session ends, in any way at all: what still waits is dropped, what was not acknowledged is
   * told to who asked, and nothing of it stays in the node's books.
   */
  void close() {
    outlet = null;
    while (!queue.isEmpty()) {
      drop(polled(queue.poll()), Drop.SESSION_OVER, Refusal.OFFLINE);
    }
    window.drain(this::unknown);
  }

  /** Written, and nobody will ever say whether it was processed. */
  private void unknown(DeliveryWindow.Written<Mail.Delivery> written) {
    if (written.delivery().confirm() == Confirmation.DELIVERED) {
      refuse(written.delivery(), Refusal.OFFLINE);
    }
  }

  private void write(Mail.Delivery message, boolean again) {
    outlet.send(message(message, window.next(message), again, 0));
    with.meters().count(again ? Meter.REDELIVERED : Meter.DELIVERED);
    with.probe().written(message);
    if (!window.keeps()) {
      taken(message);
    }
  }

  private static Frame.Message message(
      Mail.Delivery message, long seq, boolean redelivered, int attempt) {
    return new Frame.Message(
        seq,
        message.from().text(),
        message.body(),
        message.id(),
        message.addressed(),
        message.delivery(),
        message.re(),
        message.sentAt(),
        0,
        redelivered,
        attempt,
        message.headers());
  }

  private void taken(Mail.Delivery message) {
    if (message.confirm() == Confirmation.DELIVERED) {
      confirm(message, Confirmation.DELIVERED);
    }
  }

  private void confirm(Mail.Delivery message, Confirmation status) {
    with.routes().tell(message.sender(), new Mail.Confirmed(message.id(), message.n(), status));
  }

  private void drop(Mail.Delivery message, Drop reason, Refusal refusal) {
    with.meters().dropped(reason, 1);
    if (message.confirm() != Confirmation.NONE) {
      refuse(message, refusal);
    }
  }

  private void refuse(Mail.Delivery message, Refusal refusal) {
    with.routes().tell(message.sender(), new Mail.Refused(message.id(), message.n(), refusal, 0));
  }

  private void tellLost() {
    long lost = outlet == null ? 0 : queue.takeLost();
    if (lost > 0) {
      gap(lost, DROPPED);
    }
  }

  private Mail.Delivery polled(Mail.Delivery message) {
    released(message.weight());
    return message;
  }

  private void released(long weight) {
    with.backlogs().release(weight);
    if (queue.isEmpty()) {
      with.backlogs().leave(this);
    }
  }
}
