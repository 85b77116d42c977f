package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The one seat of a peer: decides who has it, and what the one who comes and the one who goes are
 * told. Pure: references of actors are only names here, time comes in, and what is decided is
 * {@link PeerActor}'s to do.
 *
 * <p>The highest epoch has the seat; what an older session says of itself never touches a newer
 * one. Whoever had it is remembered until its actor ends: it is never made the one again, however
 * often and late it asks, or two sessions could forward to each other for ever.
 */
final class Seating {
  /** What comes of a session's wish to be the one. */
  sealed interface Wish permits Seated, Repeated, Duplicate, Unnumbered {}

  /** What comes of a session's word that it is the one. */
  sealed interface Claim permits Seated, Repeated {}

  /**
   * It is the one from now on, or still.
   *
   * @param isNew whether it was not before: it is to be watched
   * @param said what it is told
   * @param older who was the one before, and has to yield; null if nobody has to
   * @param isTakeover whether that one is connected, and loses its connection by this
   */
  record Seated(Seat seat, boolean isNew, Peer.Notice said, Yielding older, boolean isTakeover)
      implements Wish, Claim {}

  /** It was told before what it has to know, and is told so again. */
  record Repeated(List<Peer.Notice> said) implements Wish, Claim {}

  /** Another one is connected, and is not to be taken over. */
  record Duplicate() implements Wish {}

  /** It may be the one, once this incarnation of the peer has a term. */
  record Unnumbered() implements Wish {}

  /** A session that has to yield. */
  record Yielding(ActorRef<SessionInput> session, Peer.Yield yield) {}

  /**
   * A session that had to yield.
   *
   * @param attached what it had been told before that
   */
  private record Dismissed(Peer.Notice attached, Peer.Yield yield) {}

  private final ActorRef<Peer.Command> self;
  private final boolean refusesDuplicates;
  private final Epochs epochs = new Epochs();
  private Holder holder;

  // A map of its own only once somebody was dismissed: most peers never see that.
  private Map<ActorRef<SessionInput>, Dismissed> dismissed = Map.of();

  // Since when it is as it is: wall clock, ms since 1970.
  private long since;

  /**
   * @param self the peer's actor, as sessions are told it
   */
  Seating(ActorRef<Peer.Command> self, boolean refusesDuplicates) {
    this.self = self;
    this.refusesDuplicates = refusesDuplicates;
  }

  boolean isVacant() {
    return holder == null;
  }

  /** Whether somebody is attached, under a lower epoch. */
  boolean isOlderThan(long epoch) {
    return holder != null && holder.epoch() < epoch;
  }

  /** Where the peer is attached; null if nowhere. */
  Seat seat() {
    return holder == null ? null : holder.seat();
  }

  /** Where the peer is attached, for who asks. */
  Peer.Resolved resolved(Identity identity) {
    return holder == null
        ? new Peer.Resolved(identity, null, 0)
        : new Peer.Resolved(identity, holder.seat(), holder.epoch());
  }

  /** Whether the peer is there, for who asks. */
  Peer.Whereabouts whereabouts(Identity identity, String id) {
    return new Peer.Whereabouts(identity, presence(), since, id);
  }

  private Presence presence() {
    if (holder == null) {
      return Presence.OFFLINE;
    }
    return holder.away() ? Presence.AWAY : Presence.ONLINE;
  }

  /** The database has given a term: epochs are higher than all before from now on. */
  void number(long term) {
    epochs.begin(term);
  }

  /** Whether the one who has the seat is not the first since the term was given. */
  boolean isReturn() {
    return epochs.isReturn();
  }

  /** A session asks to be the one. */
  Wish attach(Peer.Attach attach, long now) {
    ActorRef<SessionInput> session = attach.seat().session();
    if (holder != null && holder.seat().equals(attach.seat())) {
      return new Repeated(List.of(holder.answerAgain(self)));
    }
    if (dismissed.get(session) instanceof Dismissed before) {
      return new Repeated(List.of(before.attached(), before.yield()));
    }
    boolean isConnected = holder != null && !holder.away();
    boolean resumes = holder != null && holder.isResumedBy(attach);
    if (refusesDuplicates && isConnected && !resumes) {
      return new Duplicate();
    }
    if (epochs.needsTerm()) {
      return new Unnumbered();
    }
    long epoch = epochs.next();
    Peer.Attached answer = new Peer.Attached(epoch, self, seat(), resumes);
    Yielding older = dismissFor(attach.seat(), epoch, resumes);
    hold(Holder.of(attach, epoch, answer), now);
    return new Seated(attach.seat(), true, answer, older, isConnected && !resumes);
  }

  /** A session says that it is the one: the highest epoch is. */
  Claim claim(Seat seat, String sessionId, long epoch, long now) {
    if (dismissed.get(seat.session()) instanceof Dismissed before) {
      return new Repeated(List.of(before.yield()));
    }
    boolean isNew = holder == null || !holder.seat().equals(seat);
    boolean resumes = holder != null && holder.isKnownAs(sessionId);
    if (isNew && holder != null && holder.epoch() >= epoch) {
      return new Repeated(List.of(new Peer.Yield(holder.seat(), holder.epoch(), resumes)));
    }
    Yielding older = isNew ? dismissFor(seat, epoch, resumes) : null;
    hold(Holder.of(seat, sessionId, epoch), now);
    return new Seated(seat, isNew, new Peer.Reattached(self), older, false);
  }

  /** The session's connection is cut. */
  void away(Seat seat, long now) {
    if (seat.equals(seat())) {
      holder = holder.gone();
      since = now;
    }
  }

  /**
   * The session says that it is over.
   *
   * @return whether nobody is attached from now on
   */
  boolean leave(Seat seat, long now) {
    boolean leaves = seat.equals(seat());
    if (leaves) {
      release(now);
    }
    return leaves;
  }

  /**
   * A session's actor has ended.
   *
   * @return whether nobody is attached from now on
   */
  boolean ended(ActorRef<?> session, long now) {
    forget(session);
    // A dead session's clean-up never touches its successor.
    boolean leaves = holder != null && holder.seat().session().equals(session);
    if (leaves) {
      release(now);
    }
    return leaves;
  }

  private void hold(Holder next, long now) {
    if (!next.seat().equals(seat())) {
      since = now;
    }
    holder = next;
  }

  /** Whoever has the seat has it no more; null if nobody has. */
  private Yielding dismissFor(Seat to, long epoch, boolean resumes) {
    if (holder == null) {
      return null;
    }
    if (dismissed.isEmpty()) {
      dismissed = new HashMap<>(2);
    }
    Peer.Yield yield = new Peer.Yield(to, epoch, resumes);
    ActorRef<SessionInput> session = holder.seat().session();
    dismissed.put(session, new Dismissed(holder.answerAgain(self), yield));
    return new Yielding(session, yield);
  }

  private void forget(ActorRef<?> session) {
    if (!dismissed.isEmpty()) {
      dismissed.remove(session);
      dismissed = dismissed.isEmpty() ? Map.of() : dismissed;
    }
  }

  private void release(long now) {
    holder = null;
    since = now;
  }
}
