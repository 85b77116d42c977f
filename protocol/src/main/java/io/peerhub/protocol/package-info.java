/**
 * The nouns that both ends of the wire share.
 *
 * <p>A peer has an {@link io.peerhub.protocol.Identity}. It sends to an {@link
 * io.peerhub.protocol.Address}: another identity, a room, a service, all devices of a name, or
 * everybody. What travels is a {@link io.peerhub.protocol.Frame}; what a frame carries for somebody
 * else is a {@link io.peerhub.protocol.Body}. Whatever is not taken is answered by a {@link
 * io.peerhub.protocol.Refusal} from the one numbered catalogue.
 *
 * <pre>
 *   peer  ---- Frame.FromPeer ---->  hub
 *   peer  <--- Frame.FromHub ------  hub
 *              (both: ping, pong, ack, send/message carry a Body)
 * </pre>
 *
 * <p>Nothing here knows how a frame looks in bytes (that is {@code wire}), nor what the hub does
 * with it. All types are immutable values and safe for any thread, except that a {@code Body} and
 * {@code BadFrame} hand out the byte array that they hold: whoever gets one leaves it as it is.
 */
package io.peerhub.protocol;
