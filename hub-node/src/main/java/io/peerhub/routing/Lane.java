package io.peerhub.routing;

import io.peerhub.delivery.SessionInput;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way from this loop to the actors of one loop. What it carries to one actor stays in order.
 */
interface Lane {
  /** The way to actors of the same loop: they hear it after this turn, on this thread. */
  Lane HERE = ActorRef::tell;

  /** Carries the input behind what was given to this lane for that actor before. Never blocks. */
  void carry(ActorRef<SessionInput> target, SessionInput input);
}
