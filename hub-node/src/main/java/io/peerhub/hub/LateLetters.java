package io.peerhub.hub;

import io.peerhub.peer.SessionInput;
import io.peerhub.routing.DeadLetterDesk;
import io.peerhub.session.HandOver;
import io.peerhub.session.Sessions;

/** What comes to a session that is over: of all that, only what had yet to be delivered is lost. */
final class LateLetters implements DeadLetterDesk.Judge {
  @Override
  public int messagesIn(Object letter) {
    if (letter instanceof HandOver.Waiting) {
      return 1;
    }
    return letter instanceof SessionInput || letter instanceof Sessions.Command ? 0 : -1;
  }
}
