/**
 * Everybody at once: who is in a room, in which order it speaks, and what it remembers.
 *
 * <pre>
 *   session --send--> Halls (of its loop) --Publish--> RoomActor (sharded by name)
 *                                                        |  Assembly: place in the order, history
 *                                                        v
 *   members &lt;== one encoding a wire == Halls &lt;--Copy-- one tell a loop with members
 * </pre>
 *
 * <p>A room knows its members by the loops on which they sit; the {@code Halls} of {@code routing}
 * speak for a loop, give each copy to its members, and report them when the room's actor has ended
 * and another one begins. A room's numbers rise for ever: their high part is a term, as in epochs.
 *
 * <p>It knows {@code mail}, and nothing of peers, connections or loops. What it decides is in
 * {@link io.peerhub.room.Assembly}, without an actor.
 */
package io.peerhub.room;
