/**
 * Where nodes that share a database find each other, over a connection of its own.
 *
 * <pre>
 *   look ---> a Sighting: which cluster there is, who is in it, how often each has said so
 *   found --> a new cluster, if still nobody has said anything since that sighting
 *   enroll -> a row of one's own, if the cluster is still the one that was joined
 *   renew --> "still there"; no row any more means that others have founded a cluster since
 *   leave --> the row goes
 * </pre>
 *
 * <p>What is decided from a sighting is decided in the node ({@code io.peerhub.cluster}); here are
 * the statements, and what a transaction has to hold together. JGroups' JDBC_PING is the precedent;
 * the lock, the id of the cluster and the row that has to be there are what keeps two clusters from
 * forming.
 */
package io.peerhub.persistence.rendezvous;
