package io.peerhub.hub.crossing;

import io.peerhub.peer.Peer;
import io.peerhub.peer.Presence;

/** The forms of what is said to peers and by them. */
final class PeerForms {
  private static final Presence[] PRESENCES = Presence.values();

  static void attach(CrossingWriter out, Peer.Attach attach) {
    out.identity(attach.identity());
    out.seat(attach.seat());
    out.text(attach.sessionId());
    out.text(attach.resume());
  }

  static Peer.Attach attach(CrossingReader in) {
    return new Peer.Attach(in.identity(), in.seat(), in.text(), in.text());
  }

  static void reattach(CrossingWriter out, Peer.Reattach reattach) {
    out.identity(reattach.identity());
    out.seat(reattach.seat());
    out.text(reattach.sessionId());
    out.number(reattach.epoch());
  }

  static Peer.Reattach reattach(CrossingReader in) {
    return new Peer.Reattach(in.identity(), in.seat(), in.text(), in.number());
  }

  static void away(CrossingWriter out, Peer.Away away) {
    out.identity(away.identity());
    out.seat(away.seat());
  }

  static Peer.Away away(CrossingReader in) {
    return new Peer.Away(in.identity(), in.seat());
  }

  static void leave(CrossingWriter out, Peer.Leave leave) {
    out.identity(leave.identity());
    out.seat(leave.seat());
  }

  static Peer.Leave leave(CrossingReader in) {
    return new Peer.Leave(in.identity(), in.seat());
  }

  static void depart(CrossingWriter out, Peer.Depart depart) {
    out.identity(depart.identity());
    out.seat(depart.seat());
  }

  static Peer.Depart depart(CrossingReader in) {
    return new Peer.Depart(in.identity(), in.seat());
  }

  static void departed(CrossingWriter out, Peer.Departed departed) {
    out.identity(departed.identity());
    out.seat(departed.seat());
  }

  static Peer.Departed departed(CrossingReader in) {
    return new Peer.Departed(in.identity(), in.seat());
  }

  static void knock(CrossingWriter out, Peer.Knock knock) {
    out.identity(knock.identity());
  }

  static Peer.Knock knock(CrossingReader in) {
    return new Peer.Knock(in.identity());
  }

  static void resolve(CrossingWriter out, Peer.Resolve resolve) {
    out.identity(resolve.identity());
    out.actor(resolve.replyTo());
  }

  static Peer.Resolve resolve(CrossingReader in) {
    return new Peer.Resolve(in.identity(), in.actor());
  }

  static void ask(CrossingWriter out, Peer.Ask ask) {
    out.identity(ask.identity());
    out.actor(ask.replyTo());
    out.text(ask.id());
  }

  static Peer.Ask ask(CrossingReader in) {
    return new Peer.Ask(in.identity(), in.actor(), in.text());
  }

  static void stop(CrossingWriter out, Peer.Stop stop) {
    // Nothing but that it is one.
  }

  static Peer.Stop stop(CrossingReader in) {
    return new Peer.Stop();
  }

  static void resolved(CrossingWriter out, Peer.Resolved resolved) {
    out.identity(resolved.identity());
    out.seat(resolved.seat());
    out.number(resolved.epoch());
  }

  static Peer.Resolved resolved(CrossingReader in) {
    return new Peer.Resolved(in.identity(), in.seat(), in.number());
  }

  static void attached(CrossingWriter out, Peer.Attached attached) {
    out.number(attached.epoch());
    out.actor(attached.peer());
    out.seat(attached.previous());
    out.flag(attached.resumes());
  }

  static Peer.Attached attached(CrossingReader in) {
    return new Peer.Attached(in.number(), in.actor(), in.seat(), in.flag());
  }

  static void reattached(CrossingWriter out, Peer.Reattached reattached) {
    out.actor(reattached.peer());
  }

  static Peer.Reattached reattached(CrossingReader in) {
    return new Peer.Reattached(in.actor());
  }

  static void denied(CrossingWriter out, Peer.Denied denied) {
    MailForms.refusal(out, denied.refusal());
    out.count(denied.retryAfterMs());
  }

  static Peer.Denied denied(CrossingReader in) {
    return new Peer.Denied(MailForms.refusal(in), in.count());
  }

  static void yield(CrossingWriter out, Peer.Yield yield) {
    out.seat(yield.to());
    out.number(yield.epoch());
    out.flag(yield.resumes());
  }

  static Peer.Yield yield(CrossingReader in) {
    return new Peer.Yield(in.seat(), in.number(), in.flag());
  }

  static void whereabouts(CrossingWriter out, Peer.Whereabouts whereabouts) {
    out.identity(whereabouts.identity());
    out.constant(whereabouts.presence());
    out.number(whereabouts.since());
    out.text(whereabouts.id());
  }

  static Peer.Whereabouts whereabouts(CrossingReader in) {
    return new Peer.Whereabouts(in.identity(), in.constant(PRESENCES), in.number(), in.text());
  }

  private PeerForms() {}
}
