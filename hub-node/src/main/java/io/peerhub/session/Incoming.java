package io.peerhub.session;

import io.peerhub.delivery.Loss;
import io.peerhub.mail.Mail;
import io.peerhub.mailbox.Mailbox;

/**
 * What other sessions tell this one, whether its peer is connected or not: messages, what became of
 * its own sends, fences, and pieces of a hand-over that was not waited for.
 */
final class Incoming {
  private final Surroundings with;
  private final Session.Standing standing;
  private final Conversation conversation;
  private final Sending sending;
  private final Alarm alarm;

  Incoming(
      Surroundings with,
      Session.Standing standing,
      Conversation conversation,
      Sending sending,
      Alarm alarm) {
    this.with = with;
    this.standing = standing;
    this.conversation = conversation;
    this.sending = sending;
    this.alarm = alarm;
  }

  void take(Mail mail) {
    switch (mail) {
      case Mail.Delivery message -> {
        standing.older().direct(message.sender());
        deliver(message);
      }
      case Mail.Forwarded late -> {
        if (!isOvertaken(late.delivery())) {
          deliver(late.delivery());
        }
      }
      case Mail.Confirmed confirmed -> sending.answered(HandOver.Answer.of(confirmed));
      case Mail.Refused refused -> sending.answered(HandOver.Answer.of(refused));
      case Mail.Lost lost -> conversation.lost(new Loss(lost.count(), lost.reason()));
      case Mail.Fence fence -> fence.replyTo().tell(new Mail.Fenced(fence.token()));
    }
  }

  private void deliver(Mail.Delivery message) {
    if (conversation.deliver(message)) {
      expireInTime(message);
    }
  }

  /** Whether it would come behind newer ones: that is its end. */
  private boolean isOvertaken(Mail.Delivery message) {
    boolean isOvertaken = standing.older().isOvertaken(message);
    if (isOvertaken) {
      conversation.overtaken(message);
    }
    return isOvertaken;
  }

  /** What mailboxes say: that of the peer, and those that it has sent to. */
  void take(Mailbox.Notice notice) {
    Letters letters = conversation.letters();
    switch (notice) {
      case Mailbox.Waiting waiting -> letters.attach(conversation.heldPlaces());
      case Mailbox.Letters some -> {
        letters.take(some);
        conversation.flow();
      }
      case Mailbox.AckTaken taken -> conversation.ackTaken(taken.seq());
      case Mailbox.Withdrawn withdrawn -> letters.withdraw(withdrawn);
      case Mailbox.Posted posted -> sending.postings().posted(posted);
    }
  }

  /** Behind the hand-over, or pieces of one that was not waited for: the gap has been told. */
  void takeLate(HandOver piece) {
    switch (piece) {
      case HandOver.State late -> {
        standing.older().hear(late);
        if (late.sessionId().equals(standing.sessionId())) {
          late.answers().forEach(sending::answered);
        }
      }
      case HandOver.Written late -> {
        Mail.Delivery message = standing.older().unprocessed(late, with.routes());
        if (message != null && !isOvertaken(message)) {
          conversation.repeat(message);
          if (conversation.isWaiting()) {
            expireInTime(message);
          }
        }
      }
      case HandOver.Waiting late -> {
        if (!isOvertaken(late.delivery()) && conversation.enqueue(late.delivery())) {
          expireInTime(late.delivery());
          conversation.flow();
        }
      }
      // Not waited for: the peer joins again, or its rooms let it go.
      case HandOver.Stay late -> {}
      // Their mailbox, or the peer itself, says them again.
      case HandOver.WrittenLetter late -> {}
      case HandOver.Unposted late -> {}
      case HandOver.Pending pending -> {}
      case HandOver.End end -> {}
    }
  }

  private void expireInTime(Mail.Delivery message) {
    long now = with.nanos().getAsLong();
    alarm.by(now + message.ttlMs() * 1_000_000L, now);
  }
}
