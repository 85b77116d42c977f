package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The one seat of a peer: who has it, and what the one who comes and the one who goes are told. The
 * highest epoch has it; what an older session says of itself never touches a newer one. Whoever has
 * it is watched, and so is whoever had it, until its actor ends: it is never made the one again,
 * however often and late it asks, or two sessions could forward to each other for ever.
 */
final class Seating {
  /** What is to be done about a session that asks to be the one. */
  enum Judgement {
    /** It was made the one before, and has not heard of it. */
    AGAIN,
    /** Another one is connected, and is not to be taken over. */
    DUPLICATE,
    /** It may be the one, once this actor has a term. */
    NO_TERM,
    ADMIT
  }

  /**
   * A session that had to yield.
   *
   * @param attached what it had been told before that
   */
  private record Dismissed(Peer.Notice attached, Peer.Yield yield) {}

  private final ActorContext<Peer.Command> context;
  private final PeerCollaborators with;
  private final Epochs epochs = new Epochs();
  private Holder holder;

  // A map of its own only once somebody was dismissed: most peers never see that.
  private Map<ActorRef<SessionInput>, Dismissed> dismissed = Map.of();

  // Since when it is as it is: wall clock, ms since 1970.
  private long since;

  Seating(ActorContext<Peer.Command> context, PeerCollaborators with) {
    this.context = context;
    this.with = with;
  }

  boolean isVacant() {
    return holder == null;
  }

  /** Whether somebody is attached, under a lower epoch. */
  boolean isOlderThan(long epoch) {
    return holder != null && holder.epoch() < epoch;
  }

  /** Where the peer is attached, for who asks. */
  Peer.Resolved resolved(Identity identity) {
    return holder == null
        ? new Peer.Resolved(identity, null, 0)
        : new Peer.Resolved(identity, holder.seat(), holder.epoch());
  }

  /** Whether the peer is there, for who asks. */
  Peer.Standing standing(Identity identity, String id) {
    return new Peer.Standing(identity, presence(), since, id);
  }

  private Presence presence() {
    if (holder == null) {
      return Presence.OFFLINE;
    }
    return holder.away() ? Presence.AWAY : Presence.ONLINE;
  }

  Judgement judge(Peer.Attach attach) {
    boolean holds = holder != null && holder.seat().equals(attach.seat());
    if (holds || dismissed.containsKey(attach.seat().session())) {
      return Judgement.AGAIN;
    }
    boolean duplicate = holder != null && !holder.away() && !holder.isResumedBy(attach);
    if (duplicate && with.settings().refuseDuplicates()) {
      return Judgement.DUPLICATE;
    }
    return epochs.needsTerm() ? Judgement.NO_TERM : Judgement.ADMIT;
  }

  /** The database has given this actor a term: epochs are higher than all before from now on. */
  void number(long term) {
    epochs.begin(term);
  }

  /** Tells a session that asks again all that it has been told. */
  void answerAgain(Peer.Attach attach) {
    ActorRef<SessionInput> session = attach.seat().session();
    Dismissed before = dismissed.get(session);
    if (before == null) {
      session.tell(holder.answerAgain(context.getSelf()));
    } else {
      session.tell(before.attached());
      session.tell(before.yield());
    }
  }

  void deny(Peer.Attach attach, Refusal refusal) {
    int retryAfterMs = refusal.retryable() ? 1000 : 0;
    attach.seat().session().tell(new Peer.Denied(refusal, retryAfterMs));
  }

  /** Makes the session the one, under a new epoch. */
  void attach(Peer.Attach attach) {
    Holder previous = holder;
    long epoch = epochs.next();
    if (epochs.isReturn()) {
      with.meters().count(Meter.RECONNECTS);
    }
    boolean resumes = previous != null && previous.isResumedBy(attach);
    Seat before = previous == null ? null : previous.seat();
    Peer.Attached answer = new Peer.Attached(epoch, context.getSelf(), before, resumes);
    hold(Holder.of(attach, epoch, answer));
    attach.seat().session().tell(answer);
    if (previous != null) {
      dismiss(previous, attach.seat(), epoch, resumes);
      if (!resumes && !previous.away()) {
        with.meters().count(Meter.TAKEOVERS);
      }
    }
  }

  /** A session says that it is the one: the highest epoch is. */
  void settle(Seat seat, String sessionId, long epoch) {
    Dismissed before = dismissed.get(seat.session());
    if (before != null) {
      seat.session().tell(before.yield());
    } else if (holder == null || holder.seat().equals(seat) || holder.epoch() < epoch) {
      Holder older = holder;
      hold(Holder.of(seat, sessionId, epoch));
      seat.session().tell(new Peer.Reattached(context.getSelf()));
      if (older != null && !older.seat().equals(seat)) {
        dismiss(older, seat, epoch, older.isKnownAs(sessionId));
      }
    } else {
      boolean resumes = holder.isKnownAs(sessionId);
      seat.session().tell(new Peer.Yield(holder.seat(), holder.epoch(), resumes));
    }
  }

  /** Mail waits for whoever is attached. */
  Behavior<Peer.Command> knock(Identity identity) {
    if (holder != null) {
      holder.seat().session().tell(new Mailbox.Waiting(identity));
    }
    return Behaviors.same();
  }

  void away(Seat seat) {
    if (holder != null && holder.seat().equals(seat)) {
      holder = holder.gone();
      since = with.clock().millis();
    }
  }

  /**
   * The session says that it is over.
   *
   * @return whether nobody is attached from now on
   */
  boolean leave(Seat seat) {
    if (holder == null || !holder.seat().equals(seat)) {
      return false;
    }
    context.unwatch(seat.session());
    release();
    return true;
  }

  /**
   * A session's actor has ended.
   *
   * @return whether nobody is attached from now on
   */
  boolean ended(ActorRef<?> session) {
    forget(session);
    // A dead session's clean-up never touches its successor.
    if (holder == null || !holder.seat().session().equals(session)) {
      return false;
    }
    release();
    return true;
  }

  private void hold(Holder next) {
    if (holder == null || !holder.seat().equals(next.seat())) {
      context.watch(next.seat().session());
      since = with.clock().millis();
    }
    holder = next;
  }

  private void dismiss(Holder older, Seat to, long epoch, boolean resumes) {
    if (dismissed.isEmpty()) {
      dismissed = new HashMap<>(2);
    }
    Peer.Yield yield = new Peer.Yield(to, epoch, resumes);
    ActorRef<SessionInput> session = older.seat().session();
    dismissed.put(session, new Dismissed(older.answerAgain(context.getSelf()), yield));
    session.tell(yield);
  }

  private void forget(ActorRef<?> session) {
    if (!dismissed.isEmpty()) {
      dismissed.remove(session);
      dismissed = dismissed.isEmpty() ? Map.of() : dismissed;
    }
  }

  private void release() {
    holder = null;
    since = with.clock().millis();
  }
}
