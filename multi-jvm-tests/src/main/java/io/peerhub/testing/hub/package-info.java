/**
 * Nodes of a hub, each in a JVM of its own, for tests of services and of the hub itself.
 *
 * <p>{@link io.peerhub.testing.hub.TestNode} is a node that a test kills, terminates, freezes,
 * thaws and starts again; {@link io.peerhub.testing.hub.NodeSettings} is what it is told. How a
 * node is started, in this tree and in a user's project, is in {@code NodeProgram}. What a node
 * says of itself, its greeting and its HTTP pages, is all that is known of it: nothing here looks
 * inside.
 */
package io.peerhub.testing.hub;
