package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.KryoException;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.session.HandOver;
import io.peerhub.session.Posting;

/** The forms of what is said to mailboxes and by them. */
final class MailboxForms {
  private static final Fate[] FATES = Fate.values();
  private static final int MESSAGE = 1;
  private static final int RECEIPT = 2;

  // ---- letters

  private static void letter(CrossingWriter out, Letter letter) {
    switch (letter) {
      case Letter.Message message -> {
        out.count(MESSAGE);
        message(out, message);
      }
      case Letter.Receipt receipt -> {
        out.count(RECEIPT);
        receipt(out, receipt);
      }
    }
  }

  private static Letter letter(CrossingReader in) {
    return switch (in.count()) {
      case MESSAGE -> message(in);
      case RECEIPT -> receipt(in);
      default -> throw new KryoException("no such letter");
    };
  }

  private static void message(CrossingWriter out, Letter.Message message) {
    out.identity(message.from());
    out.text(message.addressed());
    out.body(message.body());
    out.text(message.id());
    out.text(message.re());
    out.number(message.sentAt());
    out.texts(message.headers());
  }

  private static Letter.Message message(CrossingReader in) {
    return new Letter.Message(
        in.identity(), in.text(), in.body(), in.text(), in.text(), in.number(), in.texts());
  }

  private static void receipt(CrossingWriter out, Letter.Receipt receipt) {
    out.identity(receipt.from());
    out.number(receipt.place());
    out.text(receipt.messageId());
    out.text(receipt.addressed());
    out.constant(receipt.fate());
    out.count(receipt.attempts());
    out.text(receipt.reason());
  }

  private static Letter.Receipt receipt(CrossingReader in) {
    return new Letter.Receipt(
        in.identity(),
        in.number(),
        in.text(),
        in.text(),
        in.constant(FATES),
        in.count(),
        in.text());
  }

  // ---- what senders say and hear

  private static void parcel(CrossingWriter out, Mailbox.Parcel parcel) {
    message(out, parcel.letter());
    out.number(parcel.ttlMs());
    out.flag(parcel.wantsDelivered());
    out.flag(parcel.rising());
  }

  private static Mailbox.Parcel parcel(CrossingReader in) {
    return new Mailbox.Parcel(message(in), in.number(), in.flag(), in.flag());
  }

  static void post(CrossingWriter out, Mailbox.Post post) {
    out.identity(post.owner());
    out.number(post.lot());
    out.flag(post.again());
    out.list(post.parcels(), MailboxForms::parcel);
    out.actor(post.replyTo());
  }

  static Mailbox.Post post(CrossingReader in) {
    return new Mailbox.Post(
        in.identity(), in.number(), in.flag(), in.list(MailboxForms::parcel), in.actor());
  }

  private static void answer(CrossingWriter out, Mailbox.Answer answer) {
    out.count(answer.refusalCode());
    out.flag(answer.duplicate());
    out.count(answer.retryAfterMs());
  }

  private static Mailbox.Answer answer(CrossingReader in) {
    return new Mailbox.Answer(in.count(), in.flag(), in.count());
  }

  static void posted(CrossingWriter out, Mailbox.Posted posted) {
    out.identity(posted.owner());
    out.number(posted.lot());
    out.list(posted.answers(), MailboxForms::answer);
  }

  static Mailbox.Posted posted(CrossingReader in) {
    return new Mailbox.Posted(in.identity(), in.number(), in.list(MailboxForms::answer));
  }

  static void deposit(CrossingWriter out, Mailbox.Deposit deposit) {
    out.identity(deposit.owner());
    out.identity(deposit.from());
    out.list(deposit.receipts(), MailboxForms::receipt);
  }

  static Mailbox.Deposit deposit(CrossingReader in) {
    return new Mailbox.Deposit(in.identity(), in.identity(), in.list(MailboxForms::receipt));
  }

  static void deposited(CrossingWriter out, Mailbox.Deposited deposited) {
    out.identity(deposited.owner());
    out.numbers(deposited.places());
  }

  static Mailbox.Deposited deposited(CrossingReader in) {
    return new Mailbox.Deposited(in.identity(), in.numbers());
  }

  // ---- what the owner's session says and hears

  static void attach(CrossingWriter out, Mailbox.Attach attach) {
    out.identity(attach.owner());
    out.actor(attach.session());
    out.text(attach.sessionId());
    out.number(attach.epoch());
    out.count(attach.window());
    out.numbers(attach.has());
  }

  static Mailbox.Attach attach(CrossingReader in) {
    return new Mailbox.Attach(
        in.identity(), in.actor(), in.text(), in.number(), in.count(), in.numbers());
  }

  static void away(CrossingWriter out, Mailbox.Away away) {
    out.identity(away.owner());
    out.number(away.epoch());
    out.number(away.first());
    out.numbers(away.back());
  }

  static Mailbox.Away away(CrossingReader in) {
    return new Mailbox.Away(in.identity(), in.number(), in.number(), in.numbers());
  }

  static void detach(CrossingWriter out, Mailbox.Detach detach) {
    out.identity(detach.owner());
    out.number(detach.epoch());
  }

  static Mailbox.Detach detach(CrossingReader in) {
    return new Mailbox.Detach(in.identity(), in.number());
  }

  static void acked(CrossingWriter out, Mailbox.Acked acked) {
    out.identity(acked.owner());
    out.number(acked.epoch());
    out.numbers(acked.places());
    out.number(acked.seq());
  }

  static Mailbox.Acked acked(CrossingReader in) {
    return new Mailbox.Acked(in.identity(), in.number(), in.numbers(), in.number());
  }

  static void rejected(CrossingWriter out, Mailbox.Rejected rejected) {
    out.identity(rejected.owner());
    out.number(rejected.epoch());
    out.number(rejected.place());
    out.text(rejected.reason());
    out.flag(rejected.requeue());
  }

  static Mailbox.Rejected rejected(CrossingReader in) {
    return new Mailbox.Rejected(in.identity(), in.number(), in.number(), in.text(), in.flag());
  }

  static void wake(CrossingWriter out, Mailbox.Wake wake) {
    out.identity(wake.owner());
  }

  static Mailbox.Wake wake(CrossingReader in) {
    return new Mailbox.Wake(in.identity());
  }

  static void stop(CrossingWriter out, Mailbox.Stop stop) {
    // Nothing but that it is one.
  }

  static Mailbox.Stop stop(CrossingReader in) {
    return new Mailbox.Stop();
  }

  static void waiting(CrossingWriter out, Mailbox.Waiting waiting) {
    out.identity(waiting.owner());
  }

  static Mailbox.Waiting waiting(CrossingReader in) {
    return new Mailbox.Waiting(in.identity());
  }

  private static void item(CrossingWriter out, Mailbox.Item item) {
    out.number(item.place());
    letter(out, item.letter());
    out.flag(item.redelivered());
    out.count(item.attempt());
  }

  private static Mailbox.Item item(CrossingReader in) {
    return new Mailbox.Item(in.number(), letter(in), in.flag(), in.count());
  }

  static void letters(CrossingWriter out, Mailbox.Letters letters) {
    out.identity(letters.owner());
    out.number(letters.epoch());
    out.list(letters.items(), MailboxForms::item);
  }

  static Mailbox.Letters letters(CrossingReader in) {
    return new Mailbox.Letters(in.identity(), in.number(), in.list(MailboxForms::item));
  }

  static void ackTaken(CrossingWriter out, Mailbox.AckTaken taken) {
    out.identity(taken.owner());
    out.number(taken.epoch());
    out.number(taken.seq());
  }

  static Mailbox.AckTaken ackTaken(CrossingReader in) {
    return new Mailbox.AckTaken(in.identity(), in.number(), in.number());
  }

  static void withdrawn(CrossingWriter out, Mailbox.Withdrawn withdrawn) {
    out.identity(withdrawn.owner());
    out.number(withdrawn.epoch());
    out.numbers(withdrawn.places());
  }

  static Mailbox.Withdrawn withdrawn(CrossingReader in) {
    return new Mailbox.Withdrawn(in.identity(), in.number(), in.numbers());
  }

  // ---- what an older session gives to its successor

  static void writtenLetter(CrossingWriter out, HandOver.WrittenLetter written) {
    out.number(written.seq());
    out.count(written.attempt());
    item(out, written.delivery());
  }

  static HandOver.WrittenLetter writtenLetter(CrossingReader in) {
    return new HandOver.WrittenLetter(in.number(), in.count(), item(in));
  }

  static void unposted(CrossingWriter out, HandOver.Unposted unposted) {
    out.identity(unposted.owner());
    out.flag(unposted.said());
    parcel(out, unposted.posting().parcel());
    out.text(unposted.posting().id());
    out.number(unposted.posting().n());
    out.flag(unposted.posting().confirms());
  }

  static HandOver.Unposted unposted(CrossingReader in) {
    return new HandOver.Unposted(
        in.identity(), in.flag(), new Posting(parcel(in), in.text(), in.number(), in.flag()));
  }

  private MailboxForms() {}
}
