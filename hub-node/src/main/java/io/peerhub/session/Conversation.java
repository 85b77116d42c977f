package io.peerhub.session;

import io.peerhub.delivery.Deliverable;
import io.peerhub.delivery.DeliveryWindow;
import io.peerhub.delivery.LiveQueue;
import io.peerhub.delivery.Loss;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Via;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;

/**
 * The receiving half of a session: what waits for the peer, what was written to it, and what it has
 * acknowledged. Belongs to its session and its loop's thread.
 *
 * <p>Guarantees that messages leave in the order in which they came, that what is dropped is
 * counted, told to the sender where it asked, and told to the receiver by one {@code gap} in place;
 * and that at most the limits of the settings wait. While there is no connection everything waits.
 */
final class Conversation implements Backlogs.Waiting {
  private static final String NOT_KEPT_UP = "the way from the room did not keep up";

  private static final String OVERTAKEN = "came too late by an old way";

  private static final String UNKNOWN_LOSS = "the history does not reach so far";

  private final Surroundings with;
  private final DeliveryWindow<Deliverable> window;
  private final LiveQueue<Mail.Delivery> queue;
  private final Letters letters;
  private final Line line;
  private boolean letterIsNext;

  /**
   * @param line to the peer; nothing is written before {@link #flow()} or the first message
   * @param letters the critical ones, which wait there
   */
  Conversation(Surroundings with, Line line, boolean clientAcks, int window, Letters letters) {
    this.with = with;
    this.line = line;
    this.letters = letters;
    long maxBytes = with.settings().queueMaxBytes();
    this.window = new DeliveryWindow<>(clientAcks, window, maxBytes, Deliverable::weight);
    this.queue = new LiveQueue<>(with.settings().queueMaxCount(), with.settings().queueMaxBytes());
  }

  /** The line is down: from now on everything waits, letters in their mailbox. */
  void disconnect() {
    long[] held = heldPlaces();
    letters.away(held.length == 0 ? 0 : held[0]);
  }

  /** Another session is the one: its mailbox is to wait for that one, and not for this. */
  void yield() {
    disconnect();
    letters.detach();
  }

  DeliveryWindow<Deliverable> window() {
    return window;
  }

  Letters letters() {
    return letters;
  }

  /** The places of the letters that are written and not acknowledged. */
  long[] heldPlaces() {
    List<Long> places = new ArrayList<>(0);
    for (DeliveryWindow.Written<Deliverable> written : window.unacked()) {
      if (written.delivery() instanceof Mailbox.Item item) {
        places.add(item.place());
      }
    }
    return places.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public long waitingBytes() {
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
    boolean writes = queue.isEmpty() && window.hasRoom() && line.isWritable();
    if (writes) {
      tellLost(); // Dropped for want of memory, it leaves a gap and no queue.
      write(message, false);
    } else if (!enqueue(message)) {
      return false;
    }
    if (message.confirm() == Confirmation.ACCEPTED) {
      confirm(message, Confirmation.ACCEPTED);
    }
    return !writes;
  }

  /** Whether anything waits. */
  boolean isWaiting() {
    return !queue.isEmpty();
  }

  /** Messages are missing here; 0 if nobody knows how many. */
  void missed(long count) {
    if (count > 0) {
      lost(new Loss(count, NOT_KEPT_UP));
    } else if (line.isUp()) {
      gap(0, UNKNOWN_LOSS);
    } else {
      // At least one: what waits has no place for "unknown".
      queue.lostBehind(new Loss(1, UNKNOWN_LOSS));
    }
  }

  /** Messages to this peer were lost before they came here. */
  void lost(Loss loss) {
    queue.lostBehind(loss);
    if (queue.isEmpty()) {
      tellLost();
    }
  }

  /** Writes what waits, as far as window and connection have room; both classes in turns. */
  void flow() {
    long now = queue.isEmpty() ? 0 : with.nanos().getAsLong();
    while (isAnyWaiting() && window.hasRoom() && line.isWritable()) {
      letterIsNext = letters.isWaiting() && (letterIsNext || queue.isEmpty());
      if (letterIsNext) {
        tellLost();
        write(letters.poll());
      } else if (queue.headExpiresAt() - now <= 0) {
        drop(polled(queue.poll()), Drop.EXPIRED, Refusal.EXPIRED);
      } else {
        tellLost(); // Before the poll, which moves what is missing behind the message to the front.
        write(polled(queue.poll()), false);
      }
      letterIsNext = !letterIsNext;
    }
    if (queue.isEmpty()) {
      tellLost();
    }
    letters.tellProcessed(window.ackedSeq());
  }

  private boolean isAnyWaiting() {
    return !queue.isEmpty() || letters.isWaiting();
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
      case TAKEN -> flow(); // Which tells the mailbox too.
      case STALE -> {}
      // Forged or confused: it removes nothing, and is counted.
      case UNKNOWN -> with.meters().refused(Refusal.OUT_OF_SEQUENCE);
    }
  }

  /** The receiver could not process this one. Live messages are tried once only. */
  void reject(Frame.Reject reject) {
    switch (window.reject(reject.seq())) {
      case null -> {
        with.meters().refused(Refusal.OUT_OF_SEQUENCE);
        return;
      }
      case Mailbox.Item item -> letters.rejected(item, reject.reason(), reject.requeue());
      case Mail.Delivery message when message.confirm() == Confirmation.DELIVERED ->
          refuse(message, Refusal.DROPPED);
      case Deliverable other -> {}
    }
    flow();
  }

  /** Acks of letters up to this number of the session are on disk. */
  void ackTaken(long seq) {
    if (window.keeps()) {
      line.say(new Frame.Ack(seq));
    }
  }

  /** Tells what is missing before anything else follows. */
  void gap(long count, String reason) {
    line.say(new Frame.Gap(count, reason));
  }

  /** Writes again what the peer has not seen, under its old numbers. */
  void replay() {
    for (DeliveryWindow.Written<Deliverable> written : window.unacked()) {
      line.say(written.delivery().frame(written.seq(), true, written.attempt()));
      with.meters().count(Meter.REDELIVERED);
    }
    if (!window.keeps()) {
      // It acknowledged before and does not any more: what is written is processed.
      window.ack(window.lastSeq(), this::taken);
    }
  }

  /** Writes a message that an older session had written, under a new number. */
  void repeat(Mail.Delivery message) {
    if (!line.isUp()) {
      enqueue(message.asAgain());
    } else {
      tellLost();
      write(message, true);
    }
  }

  /** This one came by an old way behind newer ones: it is not delivered, and leaves a gap. */
  void overtaken(Mail.Delivery message) {
    drop(message.asAgain(), Drop.OVERTAKEN, Refusal.DROPPED);
    lost(new Loss(1, OVERTAKEN));
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
      queue.loseNewest();
      return false;
    }
    queue.add(message, weight, with.nanos().getAsLong() + message.ttlMs() * 1_000_000L);
    with.backlogs().resized(this, queue.bytes() - weight);
    for (Mail.Delivery oldest; (oldest = queue.overflow()) != null; ) {
      drop(polled(oldest), Drop.QUEUE_FULL, Refusal.DROPPED);
    }
    return !queue.isEmpty();
  }

  /** The node is short of memory and this is one of its longest backlogs. */
  @Override
  public void giveUpOldest() {
    drop(polled(queue.lose()), Drop.BUDGET, Refusal.DROPPED);
  }

  /** Takes out the next that was written and is unacknowledged; null if there is none. */
  DeliveryWindow.Written<Deliverable> takeWritten() {
    return window.takeFirst();
  }

  /** Takes out the next that waits, with the life that is left to it; null if there is none. */
  Mail.Delivery takeWaiting() {
    long now = with.nanos().getAsLong();
    while (!queue.isEmpty()) {
      int ttlMs = (int) ((queue.headExpiresAt() - now) / 1_000_000);
      Mail.Delivery message = polled(queue.poll());
      if (ttlMs > 0) {
        return message.withTtl(ttlMs);
      }
      drop(message, Drop.EXPIRED, Refusal.EXPIRED);
    }
    return null;
  }

  /**
   * The session ends, in any way at all: what still waits is dropped, what was not acknowledged is
   * told to who asked, and nothing of it stays in the node's books.
   */
  void close() {
    while (!queue.isEmpty()) {
      drop(polled(queue.poll()), Drop.SESSION_OVER, Refusal.OFFLINE);
    }
    giveUpWritten();
    letters.detach();
  }

  /** Nobody will ever say whether what was written was processed: whoever asked is told so. */
  void giveUpWritten() {
    window.drain(this::unknown);
  }

  /** Written, and nobody will ever say whether it was processed. */
  private void unknown(DeliveryWindow.Written<Deliverable> written) {
    if (written.delivery() instanceof Mail.Delivery message
        && message.confirm() == Confirmation.DELIVERED) {
      refuse(message, Refusal.OUTCOME_UNKNOWN);
    }
  }

  private void write(Mailbox.Item letter) {
    line.say(letter.frame(window.next(letter), false, 0));
    with.meters().count(letter.redelivered() ? Meter.REDELIVERED : Meter.DELIVERED);
    if (!window.keeps()) {
      letters.processed(letter);
    }
  }

  private void write(Mail.Delivery message, boolean repeated) {
    boolean again = repeated || message.again();
    long seq = window.next(message);
    if (!again && message.via() instanceof Via.Room room && room.shared() != null) {
      line.say(room.shared(), seq);
    } else {
      line.say(message.frame(seq, again, 0));
    }
    with.meters().count(again ? Meter.REDELIVERED : Meter.DELIVERED);
    with.probe().written(message);
    if (!window.keeps()) {
      taken(message);
    }
  }

  private void taken(Deliverable delivery) {
    switch (delivery) {
      case Mailbox.Item item -> letters.processed(item);
      case Mail.Delivery message when message.confirm() == Confirmation.DELIVERED ->
          confirm(message, Confirmation.DELIVERED);
      case Deliverable other -> {}
    }
  }

  private void confirm(Mail.Delivery message, Confirmation status) {
    with.routes().tell(message.sender(), new Mail.Confirmed(message.id(), message.n(), status));
  }

  private void drop(Mail.Delivery message, Drop reason, Refusal refusal) {
    with.meters().dropped(reason, 1);
    if (message.confirm() != Confirmation.NONE) {
      refuse(message, message.told(refusal));
    }
  }

  private void refuse(Mail.Delivery message, Refusal refusal) {
    with.routes().tell(message.sender(), new Mail.Refused(message.id(), message.n(), refusal, 0));
  }

  private void tellLost() {
    Loss lost = line.isUp() ? queue.takeLost() : Loss.NONE;
    if (lost.count() > 0) {
      gap(lost.count(), lost.reason());
    }
  }

  private Mail.Delivery polled(Mail.Delivery message) {
    released(message.weight());
    return message;
  }

  private void released(long weight) {
    with.backlogs().release(weight);
    with.backlogs().resized(this, queue.bytes() + weight);
  }
}
