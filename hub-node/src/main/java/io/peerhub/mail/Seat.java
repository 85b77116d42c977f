package io.peerhub.mail;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a session sits: its actor and the event loop that the actor runs on. The node is in the
 * reference. Who has a seat tells it directly; sharding is asked only for where it is.
 *
 * @param loop the index of the event loop on the session's node, from 0
 */
public record Seat(ActorRef<SessionInput> session, int loop) {
  /** Whether both are on the same loop of the same node. */
  public boolean isOnLoopOf(Seat other) {
    return loop == other.loop && session.path().address().equals(other.session.path().address());
  }
}
