/**
 * The identity itself: who is attached, since when, under which epoch.
 *
 * <p>A peer is a sharded actor ({@link io.peerhub.peer.PeerActor}, which hears and says {@link
 * io.peerhub.peer.Peer}), one for each identity that is connected or being asked for. It stores
 * nothing: it knows the seat of the one session that is attached, gives each new one a higher
 * epoch, tells the old one to hand over to it, and answers where the identity sits. Who is the one
 * is decided by {@code Seating}, without an actor. Messages do not go through it.
 *
 * <pre>
 *   session --Attach--> Peer --Yield--> older session ==chunks==> session
 *           <-Attached-
 *   router  --Resolve-> Peer --Resolved(seat, epoch)--> router --Mail--> session
 * </pre>
 *
 * <p>The {@link io.peerhub.peer.Roster} of each node knows which identities sit on that node. A
 * peer that is activated calls all rosters before it calls anybody offline, so that sessions which
 * outlived their peer's actor are found; {@code NAME/*} is answered by the rosters too.
 */
package io.peerhub.peer;
