/**
 * One peer's conversation.
 *
 * <p>A {@link io.peerhub.session.Session} is an actor on the event loop of its connection. It
 * begins with the first frame, survives its connection for the resume window, and ends with {@code
 * bye}, with the window, or when it has handed itself over. Its life is its phases:
 *
 * <pre>
 *   awaitingHello -> proving -> attaching -> live -> detached
 *                                             |         |
 *                                             +-> settling (hands over) -> moved (forwards)
 *                                             +-> over (bye; a node that stops says goaway first)
 * </pre>
 *
 * <p>Every {@code welcome} has a session actor of its own, because an actor cannot change its event
 * loop: resume, takeover, drain and change of loop are one hand-over from the older actor to the
 * newer. What is decided (windows, order, limits) is decided by pure classes of {@code delivery};
 * who may be whom by {@code identity}; where others are by {@code routing}.
 */
package io.peerhub.session;
