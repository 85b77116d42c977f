/**
 * Loads that the generator in C++ does not have, run by hand against a hub that is already running:
 * one sender to ten thousand receivers in turn ({@link io.peerhub.bench.Carousel}), and ten
 * thousand peers that connect at once ({@link io.peerhub.bench.Storm}), as whoever they say or as
 * devices with a key. What they measured is in {@code hub-node/docs/performance.md}, with the way
 * to run them.
 *
 * <pre>
 *   Carousel, Storm ---- Lane: sends the next when one has arrived
 *        |
 *      Swarm: one Netty loop, many Guests ---- socket ---- hub (another process, on another core)
 *        |
 *      Processor: what the hub's process has used, as the kernel counts it
 * </pre>
 *
 * <p>Everything of a run happens on the swarm's one thread, as in the generator; nothing here is a
 * test, and nothing of the hub but the protocol is used.
 */
package io.peerhub.bench;
