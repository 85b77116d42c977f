package io.peerhub.session;

import io.peerhub.peer.Mail;
import io.peerhub.peer.SessionInput;
import io.peerhub.routing.Forwarder;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The last phase of a session that has handed itself over: what still reaches it is forwarded in
 * order, and whoever sent it is told where to send from now on. It ends when nothing has come for a
 * while: by then all routes have moved.
 */
final class Moved {
  private final Scene scene;
  private final Forwarder forwarder;
  private boolean quiet;

  Moved(Scene scene, Forwarder forwarder) {
    this.scene = scene;
    this.forwarder = forwarder;
  }

  Behavior<SessionInput> moved() {
    return scene.phase(this::whileMoved, signal -> Behaviors.same());
  }

  private Behavior<SessionInput> whileMoved(SessionInput input) {
    return switch (input) {
      case Mail mail -> forward(mail);
      case Session.Tick tick -> onTick();
      case SessionInput late -> Behaviors.same();
    };
  }

  private Behavior<SessionInput> forward(Mail mail) {
    quiet = false;
    forwarder.forward(mail);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onTick() {
    if (quiet) {
      return Behaviors.stopped();
    }
    quiet = true;
    scene
        .timers()
        .startSingleTimer(
            new Session.Tick(), new Session.Tick(), scene.with().settings().lingerAfterMove());
    return Behaviors.same();
  }
}
