package io.peerhub.hub;

import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.room.Room;
import io.peerhub.routing.DeadLetterDesk;
import io.peerhub.session.Sessions;

/**
 * What comes to a session or a mailbox that is over: of all that, only what had yet to be delivered
 * is lost.
 */
final class LateLetters implements DeadLetterDesk.Judge {
  @Override
  public int messagesIn(Object letter) {
    if (letter instanceof Room.Publish) {
      return 1;
    }
    boolean isSaidAgain = letter instanceof Mailbox.Request; // Or made good by the next session.
    return isSaidAgain || letter instanceof SessionInput || letter instanceof Sessions.Command
        ? 0
        : -1;
  }
}
