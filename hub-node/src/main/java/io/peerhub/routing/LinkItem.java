package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One thing that a link carries.
 *
 * @param target who is to hear it; null for the routing of the loop at the other end
 */
public record LinkItem(ActorRef<SessionInput> target, SessionInput input) {
  /** Takes out of a list the messages for one target, in order. */
  static void withdraw(List<LinkItem> items, ActorRef<SessionInput> target, Consumer<LinkItem> to) {
    items.removeIf(
        item -> {
          boolean isOut = target.equals(item.target) && Mail.message(item.input) != null;
          if (isOut) {
            to.accept(item);
          }
          return isOut;
        });
  }
}
