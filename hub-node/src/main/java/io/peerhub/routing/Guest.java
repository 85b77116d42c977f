package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;

/**
 * A session as the rooms of its loop see it. Called on the loop's thread, but outside of the
 * session's own turn: what is called may write and queue, and has to tell the session whatever it
 * is to do in its turn.
 */
public interface Guest {
  Identity identity();

  Seat seat();

  /** Whether its connection is cut. */
  boolean isAway();

  /** It is a member from now on; {@code whole} tells whether it gets all of what it asked for. */
  void joined(String room, boolean whole);

  /** It is no member. */
  void turned(String room, Refusal refusal);

  /** A message of the room. */
  void deliver(Mail.Delivery copy);

  /** So many messages are missing in this place; 0 if nobody knows how many. */
  void missed(long count);

  /** Something that is of no use to a peer which is not connected. */
  void say(Frame.FromHub frame);
}
