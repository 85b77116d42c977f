/**
 * One peer's conversation.
 *
 * <p>A {@link io.peerhub.session.Session} is an actor on the event loop of its connection. It
 * begins with the first frame, survives its connection for the resume window, and ends with {@code
 * bye}, with the window, or when it has handed itself over. Its life is its phases:
 *
 * <pre>
 *   awaitingHello -> proving -> judging -> attaching -> taking -> live -> detached
 *                                           |                   |       |
 *                        (cut) forsaken  <--+                   |       |
 *      giving -> settling (hands over) -> moved (forwards)  <---+-------+
 *      leaving (what it sent is on its way) -> over         <---+-------+
 *      over (bye; a node that stops says goaway first)      <---+-------+
 * </pre>
 *
 * <p>What a phase cannot deal with and the next one must is told to it again when it begins. Each
 * stretch of that life is a class of its own: {@code Opening} (who is it), {@code Attaching} (is it
 * the one, and what is left by an older one), {@code Living} (the conversation), {@code
 * HandingOver} and {@code Moved} (the hand-over), {@code Leaving} (the end of one that has sent
 * over a link). What the conversation does is with those who do it:
 *
 * <pre>
 *   frames of the peer -> Intake -> Sending ------> routing
 *                              +-> Conversation (acks)
 *   mail of others ----> Incoming -> Conversation -> Line -> Outlet
 *   the peer's actor <-> Attachment
 * </pre>
 *
 * <p>Whether the peer can hear anything is known in one place, the session's {@code Line}, which
 * all its parts speak through.
 *
 * <p>Every {@code welcome} has a session actor of its own, because an actor cannot change its event
 * loop: resume, takeover, drain and change of loop are one hand-over from the older actor to the
 * newer. What is decided (windows, order, limits) is decided by pure classes of {@code delivery};
 * who may be whom by {@code identity}; where others are by {@code routing}.
 */
package io.peerhub.session;
