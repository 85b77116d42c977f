/**
 * The bytes between nodes.
 *
 * <p>Everything that may cross is in one table, {@link io.peerhub.hub.crossing.CrossingTable}: a
 * number that is never given again, the class, and the hand-written form. Kryo keeps the numbers
 * and the buffers; registration is required, object graphs are off, and no form is derived by
 * reflection, so that nothing crosses by accident. Each value begins with the version of its form:
 * a version reads itself and the one before, and a cluster writes the lowest that it has.
 *
 * <pre>
 *   LinkEndpoint.Packet, Peer.Resolve, ... -- Artery --> CrossingSerializer --+
 *                                                                            +--> CrossingKryo
 *   items of a batch ---- Link, LinkArrivals ----------> CrossingLinkCodec ---+      (the table)
 * </pre>
 *
 * <p>What comes in is not trusted to be whole: a claimed length is held against what remains before
 * anything is allocated, and whatever is not understood is a {@code NotSerializableException}. What
 * is stored has another form, which evolves; nothing here is ever written to disk.
 *
 * <p>It is a part of the wiring, because it knows the messages of every package; none knows it.
 */
package io.peerhub.hub.crossing;
