package io.peerhub.mailbox;

import io.peerhub.delivery.Budget;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session needs for critical messages.
 *
 * @param boxes the sharding region of the mailboxes
 * @param rounds who looks whether mail waits
 * @param unwritten bytes of critical messages of this node that are not yet written
 * @param storeIsAway whether this node knows that the database takes no writes now
 */
public record MailboxAccess(
    ActorRef<Mailbox.Command> boxes,
    ActorRef<MailRounds.Command> rounds,
    Budget unwritten,
    BooleanSupplier storeIsAway) {}
