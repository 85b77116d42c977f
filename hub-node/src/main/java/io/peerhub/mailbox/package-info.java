/**
 * The durable queue of an identity: what is accepted is on disk, is delivered in order until it is
 * acknowledged, and has a fate that its sender is told.
 *
 * <pre>
 *   sender's session --Post--> MailboxActor --JournalWrite--> journal (PostgreSQL)
 *                    <-Posted-     |  ^  <----committed-------
 *                                  |  |
 *   owner's session <--Letters-----+  +--Acked, Rejected, Away-- owner's session
 *   sender's mailbox <-Deposit-- (receipts) --Deposited-->
 *   MailRounds: whose mail waits (a session begins), what falls due (nobody is there)
 * </pre>
 *
 * <p>What is decided is decided by {@link io.peerhub.delivery.kept.MailboxDesk}, a pure class; the
 * actor collects its facts to rows and lets nothing out before the row is on disk. One row is under
 * way at a time: whatever comes meanwhile is the next one, so that a busy mailbox writes many
 * messages by one commit, and an idle one waits for nobody.
 *
 * <p>There is a mailbox only where there is critical traffic. It is a sharded entity of its own and
 * no child of the peer's actor, so that neither falls with the other, and live traffic never waits
 * for a database. It does not know where its owner is: it rings, and a session that is there
 * attaches. Two owners cannot both write: the journal moves a mailbox from row to row, and who
 * writes behind another is told so, and ends.
 */
package io.peerhub.mailbox;
