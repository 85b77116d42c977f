/**
 * How nodes become one hub, and how a node learns that it no longer belongs to it.
 *
 * <pre>
 *   Membership (an actor)          Founding (pure)                    the database
 *     looks ------------------------------------------------------------> Rendezvous.look
 *     asks ---- a Sighting ----> join | found | look again
 *     found --------------------------------------------------------------> found, under a lock
 *     joins through Pekko, waits until this node is up
 *     enrolls, opens the node  -------------------------------------------> enroll
 *     renews for ever  ----------------------------------------------------> renew
 *     strikes out who was given up (by the lease) ------------------------> strikeOut
 *     expelled, once there is no row to renew: the node ends
 *   Pekko's resolver --who goes on?--> DatabaseLease ---------------------> Leases
 *   Doors (an actor a node) ---"peers connect to me there"---> Doors of the others --> Neighbours,
 *     which sessions tell their peers in welcome and goaway
 * </pre>
 *
 * <p>Two clusters on one database are what must never be: two sharded peers of one identity, two
 * orders of one room. Hence a node founds only under a lock and after it has itself watched nobody
 * renew; a founding changes the id of the cluster and removes the rows of whoever was there before;
 * and who finds its row gone ends. So when all nodes were frozen, a newcomer has founded, and the
 * others thaw, they go within one interval, and what they wrote meanwhile is refused by the fences
 * of the journal. While the database is away nobody founds, and whoever is up stays up.
 *
 * <p>When nodes lose sight of each other, those go on that get the lease. It says no to a side only
 * if another has it, since Pekko ends a side that it says no to, and asks on while the database is
 * away. Who was given up is struck out, so that it ends even if it wakes when the lease is free.
 *
 * <p>Why the database and no service of discovery: it is there anyway, its lock is the one thing
 * that all nodes agree on, and a node that cannot reach it could not take a critical message.
 */
package io.peerhub.cluster;
