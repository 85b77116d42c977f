/**
 * The Java client of a hub: {@link io.peerhub.client.PeerHubClient} and what it is told and tells.
 *
 * <p>It speaks the binary wire over blocking sockets on virtual threads and needs nothing but this
 * module. Three lifetimes, as on the other side: the client lives from {@code connect} to {@code
 * close}, the session survives its connections, a connection dies with its socket.
 *
 * <pre>
 *                      send, request, ask                        handler, futures, listener
 *                              |                                            ^
 *                              v                                            |
 *   Conductor ---------> Conversation (the one lock) --- HandlerLoop, Notifier, timer
 *   (dials, backs off,         |
 *    moves, gives up)       Session: Outbox, Inbox, Requests, Marks   (pure: no clock, no thread)
 *      |                       ^
 *      v                       | frames
 *   Handshake --------> Connection: reader, writer ---- Transport (socket, TLS, codec) ---- hub
 * </pre>
 *
 * <p>All decisions are in plain classes that a test drives without a socket: {@code Outbox} (what
 * is written, repeated, settled), {@code Inbox} (what is handled, acknowledged, where a resume goes
 * on), {@code Backoff}, {@code ServerRing}. Everything that waits has a limit with an outcome,
 * listed in {@link io.peerhub.client.ClientSettings.Limits}.
 *
 * <p>A ping of ours is also a question: the hub answers in order, so its pong tells that all before
 * it was taken ({@code Marks}). That is how a send without a confirmation is known to need no
 * repeat after a resume.
 */
package io.peerhub.client;
