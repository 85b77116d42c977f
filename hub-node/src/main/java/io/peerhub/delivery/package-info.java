/**
 * What is decided about messages, without an actor in sight.
 *
 * <p>Plain classes that a session, a link or a mailbox owns and asks; none of them knows Pekko, a
 * socket or a clock: time comes in as nanoseconds of a monotonic clock. Each belongs to one thread,
 * except {@link io.peerhub.delivery.Budget}, which a whole node shares.
 *
 * <pre>
 *   what is read: Letter (a message, or a receipt), shared by all copies, journaled as it is
 *   a send     -> RateLimit, SendMarks (n: next, repeat, hole; the answers for repeats)
 *   a delivery -> LiveQueue (waits: count, bytes, time) -> DeliveryWindow (seq, unacknowledged, ack)
 *   a turn     -> LinkWindow (batches between loops and nodes: numbers, acks, credit)
 *   bad input  -> BadFrames (how many in a minute)
 * </pre>
 *
 * <p>What is kept for longer than a session lives, critical messages, is in {@code kept}.
 */
package io.peerhub.delivery;
