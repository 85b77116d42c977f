package io.peerhub.hub;

import io.peerhub.mailbox.Mailbox;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How mailboxes speak to mailboxes: through their region, which is made after what it is made with.
 * What is said before waits for it. Safe for any thread.
 */
final class LateMailboxes implements Consumer<Mailbox.Request> {
  private final CompletableFuture<ActorRef<Mailbox.Command>> region = new CompletableFuture<>();

  /** The region is there. */
  ActorRef<Mailbox.Command> open(ActorRef<Mailbox.Command> made) {
    region.complete(made);
    return made;
  }

  @Override
  public void accept(Mailbox.Request request) {
    region.thenAccept(boxes -> boxes.tell(request));
  }
}
