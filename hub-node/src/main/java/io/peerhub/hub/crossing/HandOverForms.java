package io.peerhub.hub.crossing;

import io.peerhub.session.HandOver;

/** The forms of what an older session gives to its successor. */
final class HandOverForms {
  static void state(CrossingWriter out, HandOver.State state) {
    out.text(state.sessionId());
    out.number(state.lastSeq());
    out.number(state.ackedSeq());
    out.flag(state.clientAcks());
    out.number(state.received());
    out.number(state.lost());
    out.list(state.answers(), HandOverForms::answer);
  }

  static HandOver.State state(CrossingReader in) {
    return new HandOver.State(
        in.text(),
        in.number(),
        in.number(),
        in.flag(),
        in.number(),
        in.number(),
        in.list(HandOverForms::answer));
  }

  private static void answer(CrossingWriter out, HandOver.Answer answer) {
    out.number(answer.n());
    out.text(answer.id());
    out.constant(answer.status());
    out.count(answer.refusalCode());
    out.count(answer.retryAfterMs());
  }

  private static HandOver.Answer answer(CrossingReader in) {
    return new HandOver.Answer(
        in.number(), in.text(), MailForms.confirmation(in), in.count(), in.count());
  }

  static void written(CrossingWriter out, HandOver.Written written) {
    out.number(written.seq());
    out.count(written.attempt());
    MailForms.delivery(out, written.delivery());
  }

  static HandOver.Written written(CrossingReader in) {
    return new HandOver.Written(in.number(), in.count(), MailForms.delivery(in));
  }

  static void waiting(CrossingWriter out, HandOver.Waiting waiting) {
    MailForms.delivery(out, waiting.delivery());
  }

  static HandOver.Waiting waiting(CrossingReader in) {
    return new HandOver.Waiting(MailForms.delivery(in));
  }

  static void end(CrossingWriter out, HandOver.End end) {
    out.count(end.messages());
    out.number(end.lost());
  }

  static HandOver.End end(CrossingReader in) {
    return new HandOver.End(in.count(), in.version() == 1 ? 0 : in.number());
  }

  static void pending(CrossingWriter out, HandOver.Pending pending) {}

  static HandOver.Pending pending(CrossingReader in) {
    return new HandOver.Pending();
  }

  static void stay(CrossingWriter out, HandOver.Stay stay) {
    out.text(stay.room());
    out.flag(stay.echo());
    out.number(stay.heard());
  }

  static HandOver.Stay stay(CrossingReader in) {
    return new HandOver.Stay(in.text(), in.flag(), in.number());
  }

  private HandOverForms() {}
}
