package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.HashSet;
import java.util.Set;

/**
 * Brings what still reaches a session that has moved to its successor, in order, and tells each
 * sending loop once where the receiver sits now. Belongs to the session that moved and to its loop.
 */
public final class Forwarder {
  private final Routes routes;
  private final RouteNotice.Moved moved;
  private final Set<LoopKey> told = new HashSet<>();

  Forwarder(Routes routes, RouteNotice.Moved moved) {
    this.routes = routes;
    this.moved = moved;
  }

  /** Forwards behind what was forwarded before. Fences are forwarded like mail, not answered. */
  public void forward(SessionInput input) {
    boolean isDirect = input instanceof Mail.Delivery;
    routes.tell(moved.to(), isDirect ? new Mail.Forwarded((Mail.Delivery) input) : input);
    Mail.Delivery message = Mail.message(input);
    if (message != null && message.sender() != null) {
      notice(message.sender());
    }
  }

  /** Tells the loop of a sender, once, where the receiver sits now. */
  private void notice(Seat sender) {
    LoopKey loop = LoopKey.of(sender);
    if (told.add(loop)) {
      routes.tellLoop(loop, moved);
    }
  }

  /** The session ends: nothing is forwarded any more. */
  public void close() {
    routes.links().moved().remove(moved.from().session());
  }

  /** Who moved, for logs. */
  public Identity identity() {
    return moved.identity();
  }
}
