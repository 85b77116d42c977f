/**
 * The node itself: its main, the wiring of its parts in order, and its settings.
 *
 * <pre>
 *   HubNode: settings -> database, event loops, actor system -> Guardian -> ready
 *   Entrance: devices, what is remembered of them, methods -> the door that sessions ask
 *   Guardian: roster -> peers (sharding) -> for each loop: routes, sessions -> listener
 * </pre>
 *
 * <p>Several nodes may live in one JVM; nothing here is static. Everything that was opened is
 * closed in the opposite order by {@link io.peerhub.hub.HubNode#close()}, after a failed start too.
 */
package io.peerhub.hub;
