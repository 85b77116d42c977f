package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Meters.Meter;
import java.util.List;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phase of a session that is over, while what its peer sent through it is still on its way over
 * a link: what the next session of the peer sends may go another way, so that one has to wait.
 *
 * <p>The peer's actor, which was told of the departure, keeps whoever comes next waiting; a session
 * that came before it heard of that waits for a hand-over from here, of which only the end is left.
 * For everybody else this session has ended: what reaches it is a dead letter.
 *
 * <p>After half of the time that a successor waits the end is said in any case, and counted.
 */
final class Leaving {
  private final Scene scene;
  private final Identity identity;
  private final Seat seat;
  private Seat successor;

  Leaving(Scene scene, Session.Standing standing) {
    this.scene = scene;
    this.identity = standing.terms().identity();
    this.seat = standing.seat();
  }

  /** Waits until what was sent has arrived. */
  Behavior<SessionInput> leave() {
    scene.with().routes().settle(identity, () -> scene.self().tell(new Session.Settled()));
    scene.alarm().in(scene.with().settings().handOverTimeout().dividedBy(2));
    return scene.phase(this::whileLeaving, signal -> Behaviors.same());
  }

  private Behavior<SessionInput> whileLeaving(SessionInput input) {
    switch (input) {
      case Session.Settled settled -> {
        return end();
      }
      case Session.Tick tick -> {
        scene.with().meters().count(Meter.SETTLED_LATE);
        return end();
      }
      case Peer.Yield yielded -> successor = yielded.to();
      case Mail mail -> bury(mail);
      case HandOver late -> bury(late);
      case SessionInput late -> {}
    }
    return Behaviors.same();
  }

  /** In order with what comes when the actor has ended. */
  private void bury(SessionInput letter) {
    org.apache.pekko.actor.ActorSystem system = Adapter.toClassic(scene.context().getSystem());
    system
        .eventStream()
        .publish(new DeadLetter(letter, system.deadLetters(), Adapter.toClassic(scene.self())));
  }

  private Behavior<SessionInput> end() {
    if (successor == null) {
      scene.with().peers().tell(new Peer.Departed(identity, seat));
    } else {
      HandOver.State nothing = new HandOver.State("", 0, 0, false, 0, 0, List.of());
      scene.with().routes().tell(successor, nothing);
      scene.with().routes().tell(successor, new HandOver.End(0));
    }
    return Behaviors.stopped();
  }
}
