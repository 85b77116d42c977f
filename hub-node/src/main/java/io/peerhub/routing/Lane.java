package io.peerhub.routing;

import io.peerhub.mail.SessionInput;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way from this loop to the actors of one loop. What it carries to one actor stays in order.
 */
interface Lane {
  /** The way to actors of the same loop: they hear it after this turn, on this thread. */
  Lane HERE =
      new Lane() {
        @Override
        public void carry(ActorRef<SessionInput> target, SessionInput input) {
          target.tell(input);
        }

        @Override
        public boolean takeRoom() {
          return true;
        }

        @Override
        public void whenRoom(Runnable invited) {
          invited.run();
        }
      };

  /** Carries the input behind what was given to this lane for that actor before. Never blocks. */
  void carry(ActorRef<SessionInput> target, SessionInput input);

  /**
   * Takes room for a share, to be used in this turn; false if so much waits on this side that none
   * may follow. Never false for long: what waits here for credit is bounded, and its targets are
   * served in turn.
   */
  boolean takeRoom();

  /**
   * Does this once there is room for a share, which is taken then, for those who have much to say
   * and can wait with it: in the order in which they asked.
   */
  void whenRoom(Runnable invited);
}
