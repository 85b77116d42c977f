/**
 * What travels between sessions, and where it goes.
 *
 * <pre>
 *   session --Mail.Delivery--> (routing: a tell, or a link) --> session of the receiver
 *           &lt;--Confirmed, Refused--                              at its Seat
 *           ==Fence==&gt; behind the mail of an old path
 * </pre>
 *
 * <p>{@link io.peerhub.mail.Mail} is what one session puts into the hands of another; {@link
 * io.peerhub.mail.Seat} is where a session sits, which a peer's actor knows and routing asks for;
 * {@link io.peerhub.mail.SessionInput} is the roof over everything that a session may hear, from
 * whomever. Nothing here decides or acts: these are values, which cross between loops and nodes.
 *
 * <p>It stands below all that carry, order or keep mail (peer, mailbox, room, routing, session), so
 * that each of them can name a delivery without knowing the others. A new group of receivers, as
 * services will be, is a package beside {@code room} that uses this one.
 */
package io.peerhub.mail;
