/**
 * From an identity to where its session sits, and there.
 *
 * <p>Each event loop has one {@link io.peerhub.routing.Routes}, a plain object on the loop's thread
 * that its sessions send through, and one {@link io.peerhub.routing.Router}, the actor that keeps
 * it true: it asks a peer for its seat once, watches that session, and from then on mail goes there
 * directly.
 *
 * <pre>
 *   session --send--> Routes == open route: one look, one tell ==> session
 *                       |
 *                       +-- no route, or fenced: the mail waits, bounded
 *                       v
 *                     Router --Resolve--> Peer       (unknown: where does it sit?)
 *                            --Fence----> old seat   (moved: is the old path empty?)
 * </pre>
 *
 * <p><b>Order.</b> A route never leads to a new seat while mail may be on the way to the last one.
 * A session that moves forwards, through a {@link io.peerhub.routing.Forwarder}, which tells each
 * sending loop once that it moved. That loop's router sends a fence down the old path and holds new
 * mail; the fence is forwarded like mail, and when the new session has answered it, the old path is
 * empty and the new one opens. A session that ended is treated alike: the mail that it had not
 * taken comes back as dead letters, in order, before its fence does, and goes again, first, to
 * wherever the peer sits by then; if that is nowhere, it is refused. ({@link
 * io.peerhub.routing.DeadLetterDesk} sees to that.)
 *
 * <p>A way that stands still is not waited for: {@link io.peerhub.routing.RouteKeeper} asks where
 * its receivers sit, and mail goes on at a newer seat without a fence. What was sent is told as
 * unknown, and the receiver takes nothing that comes by the old way behind newer mail (ADR 014).
 *
 * <p>A sender may move as well: what it sends from its new loop goes another way. So its old
 * session ends the hand-over only when all that it had sent is in the mailboxes of its receivers:
 * {@link io.peerhub.routing.Settlements} waits until no route holds mail of that sender, then for a
 * barrier on each link that may carry some; where that mail has come to a session which moved,
 * {@link io.peerhub.routing.Stragglers} has the barrier follow it.
 *
 * <p><b>Crossing.</b> Mail to another loop, of this node or another, goes on a link:
 *
 * <pre>
 *   Routes --carry--> Link == a turn's batch, numbered ==> LinkEndpoint --tell--> session
 *            no credit: Backlog        <-- Ack, Missing --  (on the other loop)
 * </pre>
 *
 * <p>Who has much to say at once, as a session that hands over, asks for room and says a share at a
 * time, in turn with others ({@link io.peerhub.routing.Routes#takeRoom}).
 *
 * <p>Whatever is thrown in the work for one link, an {@code Error} too, ends that link alone; an
 * item that has no form between nodes is left out of its batch, with its outcome.
 *
 * <p>What is not acknowledged is kept and sent again where it is missing, so that nothing is lost
 * in a queue unseen. What waits for credit is bounded by link and by node; past that the oldest
 * messages of the fullest targets are dropped: counted, told to their receiver in place, and to a
 * sender that asked.
 *
 * <p><b>Rooms.</b> {@link io.peerhub.routing.Halls} are a loop's side of the rooms: members here,
 * and the way to the room's actor. A room tells each loop once; the loop gives a copy to each
 * member, encoded once for all.
 */
package io.peerhub.routing;
