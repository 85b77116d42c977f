/**
 * A real PostgreSQL that nobody had to install, for one machine.
 *
 * <p>{@link io.peerhub.persistence.embedded.EmbeddedDatabase} is all that the outside sees: a node
 * <em>joins</em> the server of a data directory and <em>leaves</em> it. The first to join starts
 * the server, the last to leave stops it, and a node that was killed has left: the kernel drops its
 * file lock with its process. The server it started lives on, in a session of its own, and is
 * adopted by whoever joins next.
 *
 * <pre>
 *   join:   lock ---- enter users ---- postmaster.pid?
 *            |                           |-- none, or its process is gone ----> start
 *            |                           |-- starting or stopping ------------> wait, look again
 *            |                           '-- ready, of this very directory ---> adopt
 *   leave:  lock ---- leave users ---- anybody left? no: stop
 *   watch:  once a second: is it alive? no: lock, and start it again at the same port
 * </pre>
 *
 * <p>Two locks, both of the kernel: {@code lock} is held for the length of a join or a leave, so
 * that two starters take turns; {@code users} is held, shared, for as long as a process uses the
 * server. What the files of the directory are is said by {@code DataDirectory}; the server's
 * settings, with their reasons, are the resource {@code postgresql.conf}.
 *
 * <p>{@link io.peerhub.persistence.embedded.OwnServer} is the same server in one pair of hands,
 * which stop and start it as a test of faults wants it: nobody joins it, and nobody revives it.
 *
 * <p>The package knows the binaries and the processes of PostgreSQL. It speaks no SQL but that of
 * founding a cluster, and needs no driver: whether the server answers, and whether it is as durable
 * as it must be, is asked by {@code Database} with the first connection.
 */
package io.peerhub.persistence.embedded;
