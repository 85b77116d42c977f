package io.peerhub.hub.crossing;

import com.esotericsoftware.kryo.KryoException;
import io.peerhub.delivery.Letter;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Via;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.Map;

/** The forms of {@link Mail}. */
final class MailForms {
  private static final DeliveryClass[] CLASSES = DeliveryClass.values();
  private static final Confirmation[] CONFIRMATIONS = Confirmation.values();

  static void delivery(CrossingWriter out, Mail.Delivery mail) {
    Letter.Message letter = mail.letter();
    out.identity(mail.to());
    out.identity(letter.from());
    out.text(letter.addressed());
    out.body(letter.body());
    out.text(letter.id());
    out.constant(DeliveryClass.LIVE); // The only class that travels so; its place stays.
    out.text(letter.re());
    out.number(letter.sentAt());
    out.count(mail.ttlMs());
    out.texts(letter.headers());
    out.constant(mail.confirm());
    out.number(mail.n());
    out.seat(mail.sender());
    out.number(mail.via() instanceof Via.Room room ? room.roomSeq() : 0);
    out.flag(mail.again());
  }

  static Mail.Delivery delivery(CrossingReader in) {
    return deliverySince(3, in);
  }

  /**
   * A message within a form.
   *
   * @param version since which that form says whether the message was written before
   */
  static Mail.Delivery deliverySince(int version, CrossingReader in) {
    Identity to = in.identity();
    Identity from = in.identity();
    String addressed = in.text();
    Body body = in.body();
    String id = in.text();
    in.constant(CLASSES);
    String re = in.text();
    long sentAt = in.number();
    int ttlMs = in.count();
    Map<String, String> headers = in.texts();
    return new Mail.Delivery(
        to,
        new Letter.Message(from, addressed, body, id, re, sentAt, headers),
        ttlMs,
        in.constant(CONFIRMATIONS),
        in.number(),
        in.seat(),
        via(in.number()),
        in.version() >= version && in.flag());
  }

  private static Via via(long roomSeq) {
    return roomSeq == 0 ? null : new Via.Room(roomSeq, null);
  }

  static void forwarded(CrossingWriter out, Mail.Forwarded mail) {
    delivery(out, mail.delivery());
  }

  static Mail.Forwarded forwarded(CrossingReader in) {
    return new Mail.Forwarded(deliverySince(1, in));
  }

  static void confirmed(CrossingWriter out, Mail.Confirmed mail) {
    out.text(mail.id());
    out.number(mail.n());
    out.constant(mail.status());
  }

  static Mail.Confirmed confirmed(CrossingReader in) {
    return new Mail.Confirmed(in.text(), in.number(), confirmation(in));
  }

  static void refused(CrossingWriter out, Mail.Refused mail) {
    out.text(mail.id());
    out.number(mail.n());
    refusal(out, mail.refusal());
    out.count(mail.retryAfterMs());
  }

  static Mail.Refused refused(CrossingReader in) {
    return new Mail.Refused(in.text(), in.number(), refusal(in), in.count());
  }

  static void lost(CrossingWriter out, Mail.Lost mail) {
    out.number(mail.count());
    out.text(mail.reason());
  }

  static Mail.Lost lost(CrossingReader in) {
    return new Mail.Lost(in.number(), in.text());
  }

  static void fence(CrossingWriter out, Mail.Fence mail) {
    out.number(mail.token());
    out.actor(mail.replyTo());
  }

  static Mail.Fence fence(CrossingReader in) {
    return new Mail.Fence(in.number(), in.actor());
  }

  static void fenced(CrossingWriter out, Mail.Fenced mail) {
    out.number(mail.token());
  }

  static Mail.Fenced fenced(CrossingReader in) {
    return new Mail.Fenced(in.number());
  }

  static Confirmation confirmation(CrossingReader in) {
    return in.constant(CONFIRMATIONS);
  }

  /** By its number on the wire, which is never given again. */
  static void refusal(CrossingWriter out, Refusal refusal) {
    out.count(refusal.code());
  }

  static Refusal refusal(CrossingReader in) {
    int code = in.count();
    Refusal refusal = Refusal.ofCode(code);
    if (refusal == null) {
      throw new KryoException("no such refusal: " + code);
    }
    return refusal;
  }

  private MailForms() {}
}
