package io.peerhub.routing;

import io.peerhub.delivery.SessionInput;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One thing that a link carries.
 *
 * @param target who is to hear it; null for the routing of the loop at the other end
 */
public record LinkItem(ActorRef<SessionInput> target, SessionInput input) {}
