package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.routing.Forwarder;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The last phase of a session that has handed itself over: what still reaches it is forwarded in
 * order, and whoever sent it is told where to send from now on. It ends when nothing has come for a
 * while: by then all routes have moved.
 *
 * <p>It leaves its roster when the first such while is over, since by then its successor has
 * entered another one or will never do so, and at once when that has ended: until then whoever asks
 * all rosters for the devices of a name, each at another moment, finds its peer on one of them.
 */
final class Moved {
  private final Scene scene;
  private final Roster.Exit exit;
  private final String sessionId;
  private final Laggard older;
  private final Forwarder forwarder;
  private boolean quiet;

  Moved(Scene scene, Roster.Exit exit, String sessionId, Laggard older, Forwarder forwarder) {
    this.scene = scene;
    this.exit = exit;
    this.sessionId = sessionId;
    this.older = older;
    this.forwarder = forwarder;
  }

  Behavior<SessionInput> moved(Seat successor) {
    scene.context().watch(successor.session());
    return scene.phase(this::whileMoved, signal -> onSignal(signal, successor));
  }

  private Behavior<SessionInput> onSignal(Signal signal, Seat successor) {
    if (signal instanceof Terminated gone && gone.getRef().equals(successor.session())) {
      leaveRoster(); // The peer has gone from there, and is not to be found here.
    }
    return Behaviors.same();
  }

  private void leaveRoster() {
    scene.with().roster().tell(exit);
  }

  private Behavior<SessionInput> whileMoved(SessionInput input) {
    return switch (input) {
      case Mail.Confirmed confirmed -> forwardAnswer(HandOver.Answer.of(confirmed));
      case Mail.Refused refused -> forwardAnswer(HandOver.Answer.of(refused));
      case Mail mail -> forward(mail);
      // Pieces that came too late to be waited for, and had to be passed on before they came.
      case Mail.Envelope late -> forwardLate(late);
      case HandOver.State late -> {
        older.hear(late);
        yield forward(late);
      }
      // By an actor of the peer that knows nothing of the move: nothing may go round in circles.
      case Peer.Attached again -> Behaviors.stopped();
      // Nobody waits for a node that goes: what still comes goes back to its senders' loops.
      case Session.Drain drain -> Behaviors.stopped();
      case Session.Tick tick -> onTick();
      case SessionInput late -> Behaviors.same();
    };
  }

  private Behavior<SessionInput> forwardAnswer(HandOver.Answer answer) {
    return forward(HandOver.State.late(sessionId, answer));
  }

  private Behavior<SessionInput> forwardLate(Mail.Envelope late) {
    Mail.Delivery message = older.unprocessed(late, scene.with().routes());
    return message == null ? Behaviors.same() : forward(message);
  }

  private Behavior<SessionInput> forward(SessionInput input) {
    quiet = false;
    forwarder.forward(input);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onTick() {
    leaveRoster();
    if (quiet) {
      return Behaviors.stopped();
    }
    quiet = true;
    scene.alarm().in(scene.with().settings().lingerAfterMove());
    return Behaviors.same();
  }
}
