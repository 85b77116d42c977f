package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What one loop's routing tells another's about a route. Notices travel on the lanes of the mail
 * that they speak of, so that they stay in order with it; no session ever sees one.
 */
public sealed interface RouteNotice extends SessionInput {
  /**
   * The receiver sits elsewhere now, and what still comes to its old seat is forwarded.
   *
   * @param epoch the epoch of the new seat; a notice that is not newer than the route is ignored
   */
  record Moved(Identity identity, Seat from, Seat to, long epoch) implements RouteNotice {}

  /**
   * A message came to a session that is over.
   *
   * @param at the session
   */
  record Returned(Mail.Delivery delivery, ActorRef<SessionInput> at) implements RouteNotice {}

  /** A fence came to a session that is over: whatever was before it has been returned. */
  record Drained(long token) implements RouteNotice {}

  /**
   * Follows everything that its link was given before, for whomever; answered when all of that is
   * in the mailboxes of its receivers.
   */
  record Barrier(long token, ActorRef<Mail.Fenced> replyTo) implements RouteNotice {
    /** Nothing of what was before it is on the way any more. */
    void pass() {
      replyTo.tell(new Mail.Fenced(token));
    }
  }
}
