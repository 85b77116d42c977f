package io.peerhub.routing;

import io.peerhub.mail.SessionInput;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A batch of a link or a piece of one, kept until it is acknowledged; the last piece keeps the
 * items.
 *
 * @param bytes what crosses between nodes; null within one, where the items do
 * @param more whether another piece of it follows
 */
record Sent(List<LinkItem> items, byte[] bytes, boolean more) {
  /**
   * Takes out the messages for one target: from now on they do not count as on their way. Between
   * nodes alone, where the items are this side's and the other one has their bytes.
   */
  void withdraw(ActorRef<SessionInput> target, Consumer<LinkItem> to) {
    if (bytes != null && !items.isEmpty()) {
      LinkItem.withdraw(items, target, to);
    }
  }
}
