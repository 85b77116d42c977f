package io.peerhub.mailbox;

import io.peerhub.delivery.Budget;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What all mailboxes of a node share.
 *
 * @param node the name of this node, for the journal
 * @param store is there once the database is
 * @param terms gives a new term with each call: committed, higher than any before
 * @param others takes what mailboxes say to mailboxes to the one that is meant
 * @param doorbell tells the owner's session, if there is one, that mail waits
 * @param memory what letters may hold in memory together
 * @param blocking where it may be waited for the database: virtual threads
 */
public record MailboxCollaborators(
    String node,
    MailboxSettings settings,
    CompletableFuture<MailStore> store,
    Supplier<CompletionStage<Long>> terms,
    Consumer<Mailbox.Request> others,
    Consumer<Identity> doorbell,
    Budget memory,
    Executor blocking,
    Clock clock,
    Meters meters,
    Ledger ledger) {
  /** Whether this node knows that the database takes no writes now. */
  public boolean isStoreAway() {
    MailStore opened = store.getNow(null);
    return opened == null || opened.journal().isAway();
  }
}
