package io.peerhub.peer;

import io.peerhub.mail.Seat;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The session that is the one.
 *
 * @param sessionId the id that it brought
 * @param resumedId the id that it asked to go on with: its peer knows it by either, until it has
 *     read the {@code welcome}; empty if none
 * @param away whether its connection is cut
 * @param answer what it was told, to be repeated; null if it was found, not attached
 */
record Holder(
    Seat seat, String sessionId, String resumedId, long epoch, boolean away, Peer.Attached answer) {
  /** A session that is being attached. */
  static Holder of(Peer.Attach attach, long epoch, Peer.Attached answer) {
    return new Holder(attach.seat(), attach.sessionId(), attach.resume(), epoch, false, answer);
  }

  /** A session that was found, or reported itself. */
  static Holder of(Seat seat, String sessionId, long epoch) {
    return new Holder(seat, sessionId, "", epoch, false, null);
  }

  boolean isKnownAs(String id) {
    return !id.isEmpty() && (id.equals(sessionId) || id.equals(resumedId));
  }

  boolean isResumedBy(Peer.Attach attach) {
    return isKnownAs(attach.resume());
  }

  /**
   * What a session is told that asks again. One that was found, not attached, had its answer from
   * an earlier actor, or it would not be there.
   */
  Peer.Notice answerAgain(ActorRef<Peer.Command> peer) {
    return answer == null ? new Peer.Reattached(peer) : answer;
  }

  Holder gone() {
    return new Holder(seat, sessionId, resumedId, epoch, true, answer);
  }
}
