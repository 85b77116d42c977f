/**
 * What is decided about critical messages: the mailbox of one identity, without an actor, a clock
 * or a database in sight.
 *
 * <p>Everything that happens to a mailbox is a {@link io.peerhub.delivery.kept.Fact}. {@link
 * io.peerhub.delivery.kept.MailboxDesk} takes what is asked, decides, and applies the facts at
 * once; what it owes to others (confirmations, deliveries, acks) may go out only when the row that
 * holds those facts is committed. A state that ran ahead of its journal is thrown away with its
 * actor, never rolled back.
 *
 * <pre>
 *   accept, ack, reject, expire, ...            rows of the journal
 *            |                                          |
 *       MailboxDesk --facts--> (a row, written) --------+--replay--> MailboxState
 *            |                                                         |-- IdMemory, RisingIds
 *            +-- Offering: what may go to the attached session now     +-- what is pending, owed
 * </pre>
 *
 * <p>A snapshot is a list of facts too ({@link io.peerhub.delivery.kept.MailboxState#snapshot}), so
 * that one codec and one replay serve both. Bodies are kept for what will be delivered next only;
 * the others stay in the journal, and an entry knows the row that holds it.
 */
package io.peerhub.delivery.kept;
