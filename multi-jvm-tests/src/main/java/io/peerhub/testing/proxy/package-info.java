/**
 * A TCP proxy that makes the faults of a network where the machine's kernel cannot: any process may
 * connect through it, without privileges.
 *
 * <pre>
 *   client ---- socket ---- Lane TO_SERVER: read, wait, write ---- socket ---- server
 *                           Lane TO_CLIENT: write, wait, read
 *                                  ^
 *            Weather: delay, grain (1: dribbled), glue, passing / held / lost
 * </pre>
 *
 * <p>{@link io.peerhub.testing.proxy.FaultProxy} is all that a test sees: {@code cut}, {@code
 * shut}, {@code heal}, and the {@link io.peerhub.testing.proxy.Weather} of each direction. One-way
 * loss is {@code LOST} in one direction; a half-open connection is {@code HELD} in both.
 *
 * <p>The package knows bytes alone.
 */
package io.peerhub.testing.proxy;
