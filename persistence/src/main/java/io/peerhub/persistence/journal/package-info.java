/**
 * The journal of critical messages: what was written is there after a crash, in order, and once.
 *
 * <pre>
 *   mailbox --JournalWrite--> Journal: a queue, a few writers
 *                               |  one statement and one commit for all that wait
 *                               v
 *                    mailbox (head moves, or the write is FENCED), journal, message,
 *                    now and then snapshot and dead_letter, in the same transaction
 *   mailbox <---Outcome----------
 *   mailbox <---rows------------ JournalReader
 *   JournalRing: empties the next of 16 slots, and lets Journal write there
 * </pre>
 *
 * <p>What an event means is not known here: it is bytes, and the mailbox's codec reads them. Two
 * owners of one mailbox cannot both write: each write names the row before it, and moves the head
 * of the mailbox from there. A write whose answer was lost is tried again and then read, never
 * guessed. A database that is away holds writes back; it loses none, and confirms none.
 */
package io.peerhub.persistence.journal;
