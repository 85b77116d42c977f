package io.peerhub.mailbox;

import io.peerhub.delivery.kept.MailboxDesk;
import io.peerhub.delivery.kept.Offers;
import io.peerhub.mailbox.Mailbox.Answer;
import io.peerhub.protocol.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lots of parcels and of letters: what travels together, and what it is answered. */
final class Lots {
  private static final int AGAIN_AFTER_MS = 1_000;
  private static final long LOT_BYTES = 256 << 10;

  /** Takes what is to be taken; the answers hold once that is on disk. */
  static List<Answer> take(Mailbox.Post post, MailboxDesk desk, long now) {
    List<Answer> answers = new ArrayList<>(post.parcels().size());
    for (Mailbox.Parcel parcel : post.parcels()) {
      answers.add(
          answer(
              desk.accept(
                  parcel.letter(), parcel.ttlMs(), parcel.wantsDelivered(), parcel.rising(), now)));
    }
    return answers;
  }

  private static Answer answer(MailboxDesk.Verdict verdict) {
    return switch (verdict) {
      case ACCEPTED -> Answer.TAKEN;
      case DUPLICATE -> Answer.DUPLICATE;
      case CONFLICT -> refusal(Refusal.ID_CONFLICT);
      case TOO_OLD -> refusal(Refusal.ID_TOO_OLD);
      case FULL -> refusal(Refusal.MAILBOX_FULL);
    };
  }

  /** What goes out at once, in lots that a message between nodes can hold. */
  static List<List<Mailbox.Item>> of(Offers offers) {
    List<List<Mailbox.Item>> lots = new ArrayList<>(1);
    List<Mailbox.Item> lot = new ArrayList<>();
    long bytes = 0;
    for (Offers.Offer offer : offers.letters()) {
      if (bytes >= LOT_BYTES) {
        lots.add(lot);
        lot = new ArrayList<>();
        bytes = 0;
      }
      lot.add(
          new Mailbox.Item(offer.place(), offer.letter(), offer.redelivered(), offer.attempt()));
      bytes += offer.letter().weight();
    }
    lots.add(lot);
    return lots;
  }

  static Answer refusal(Refusal refusal) {
    return new Answer(refusal.code(), false, refusal.retryable() ? AGAIN_AFTER_MS : 0);
  }

  /** Nothing of it was taken; if it was said before, nobody knows that, and it is said again. */
  static void refuse(Mailbox.Post post) {
    if (!post.again()) {
      Answer no = refusal(Refusal.STORE_UNAVAILABLE);
      List<Answer> answers = Collections.nCopies(post.parcels().size(), no);
      post.replyTo().tell(new Mailbox.Posted(post.owner(), post.lot(), answers));
    }
  }

  private Lots() {}
}
