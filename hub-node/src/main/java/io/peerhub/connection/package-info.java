/**
 * Where bytes become frames: listeners, event loops, and the pipeline of each wire.
 *
 * <p>A {@link io.peerhub.connection.Loops loop} is one thread that does everything for its
 * connections: it reads their sockets, runs the actors of their sessions (as a Pekko dispatcher of
 * its own) and writes their answers. Nothing on it may block, and nothing crosses to another thread
 * between a frame that comes in and the frame that goes out.
 *
 * <pre>
 *  port -> Acceptor -> Detection -> [tls] -> [http -> Upgrade] -> Connection
 *
 *  a turn of a loop:
 *    read     Connection: Inflow, Wire           bytes of one read -> one batch of frames
 *    act      Session (an actor, in session)     frames -> frames
 *    flush    Outflow of each touched connection frames -> bytes, one write each
 * </pre>
 *
 * <p>Whatever is thrown in the work for one connection, an {@code Error} too, ends that connection
 * alone: the end of the turn ({@code EndOfTurn}) and the watch over slow readers go on for the
 * rest.
 *
 * <p>The first bytes tell the wire ({@code Detection} shows all pipelines on one screen); from then
 * on a {@code Wire} makes frames of bytes and bytes of frames, and the {@code Connection} shows
 * itself to its session as an {@link io.peerhub.session.Outlet}. What can be shared by a loop is
 * ({@code Loop}: buffers, codecs, the list of who is to be flushed), so that an idle connection
 * holds no buffer at all.
 *
 * <p>Every way in and out is bounded: how many may come and how fast ({@code Acceptor}), how much
 * and how long until a peer is heard out ({@code Connection}), the size of a frame ({@code Wire}),
 * what waits for a slow reader, each alone and all together ({@code Outflow}).
 *
 * <p>TLS stands before all wires and is none ({@code TlsStage}): its arithmetic is done on threads
 * of its own, its files are read again when they change, and until its handshake is through {@code
 * TlsIntake} counts what comes like any input of a stranger.
 *
 * <p>Of the hub this package knows {@code session} alone. It does not know what a frame means.
 */
package io.peerhub.connection;
