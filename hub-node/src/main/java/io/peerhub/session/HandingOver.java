package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import io.peerhub.routing.Forwarder;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phases in which a session hands itself over.
 *
 * <pre>
 *   giving -> settling -> (Moved) moved
 * </pre>
 *
 * <p>What it has goes in shares, as there is room on the way: until then it stays where it was,
 * within its limits. The end of it is said only when all that its peer sent through it is in the
 * mailboxes of the receivers, because what the peer sends through the successor, after its welcome,
 * may go another way. On the same loop it goes the same way, and nothing is waited for.
 *
 * <p>Mail that comes meanwhile is forwarded at once, like mail after the end: the successor keeps
 * it behind all that is handed over, in the order in which it came. To hand it over as well would
 * put it before what reached the successor directly, which may be older: a sender that moves
 * between loops has routes of both kinds. Answers wait for the end, since the successor counts on
 * one state before it.
 *
 * <p>While it waits for room it says so, four times in the time that the successor waits for a
 * piece. In {@code settling} the end is said after half of that time in any case, and counted: a
 * flow may be out of order there.
 */
final class HandingOver {
  /** There is room on the way to the successor. */
  private record Invited() implements SessionInput {}

  private final Scene scene;
  private final Surroundings with;
  private final Identity identity;
  private final Seat seat;
  private final Seat to;
  private final String sessionId;
  private final Estate estate;
  private final Laggard older;
  private final Forwarder forwarder;
  private final List<HandOver.State> answers = new ArrayList<>(0);
  private int messages;

  // What is the next phase's business, in the order in which it came.
  private final List<SessionInput> deferred = new ArrayList<>(0);

  HandingOver(Scene scene, Session.Standing standing, Peer.Yield yielded, Estate estate) {
    this.scene = scene;
    this.with = scene.with();
    this.identity = standing.terms().identity();
    this.seat = standing.seat();
    this.older = standing.older();
    this.to = yielded.to();
    this.sessionId = standing.sessionId();
    this.estate = estate;
    this.forwarder = with.routes().forwarder(identity, seat, to, yielded.epoch());
    scene.atEnd(forwarder::close);
  }

  /**
   * Hands over what there is, and waits until what was sent has arrived.
   *
   * @param besides what is not counted among the messages
   */
  Behavior<SessionInput> handOver(List<HandOver> besides) {
    with.routes().tell(to, estate.counters());
    besides.forEach(piece -> with.routes().tell(to, piece));
    return with.routes().takeRoom(to) ? give() : giving();
  }

  // ---- giving

  /** Gives a share, and the next one when it is this session's turn again. */
  private Behavior<SessionInput> give() {
    int share = isOnThisLoop() ? Integer.MAX_VALUE : with.routes().share();
    for (int given = 0; given < share && !estate.isEmpty(); ) {
      given += giveNext();
    }
    return estate.isEmpty() ? settle() : giving();
  }

  private int giveNext() {
    HandOver piece = estate.poll();
    if (piece == null) {
      return 0;
    }
    messages++;
    with.routes().tell(to, piece);
    return piece.weight();
  }

  private Behavior<SessionInput> giving() {
    with.routes().whenRoom(to, () -> scene.self().tell(new Invited()));
    scene.alarm().in(with.settings().handOverTimeout().dividedBy(4));
    return scene.phase(this::whileGiving, signal -> Behaviors.same());
  }

  /** Waits for room on the way to the successor. */
  private Behavior<SessionInput> whileGiving(SessionInput input) {
    return switch (input) {
      case Invited invited -> give();
      case Session.Tick tick -> {
        with.routes().tell(to, new HandOver.Pending());
        scene.alarm().in(with.settings().handOverTimeout().dividedBy(4));
        yield Behaviors.same();
      }
      case SessionInput other -> meanwhile(other);
    };
  }

  // ---- settling

  private Behavior<SessionInput> settle() {
    if (isOnThisLoop()) {
      // Behind what is in the mailbox already, which has to be handed over before the end.
      scene.self().tell(new Session.Settled());
    } else {
      with.routes().settle(identity, () -> scene.self().tell(new Session.Settled()));
      scene.alarm().in(with.settings().handOverTimeout().dividedBy(2));
    }
    return scene.phase(this::whileSettling, signal -> Behaviors.same());
  }

  private boolean isOnThisLoop() {
    return to.loop() == seat.loop() && to.session().path().address().hasLocalScope();
  }

  /** Waits until what was sent has arrived. */
  private Behavior<SessionInput> whileSettling(SessionInput input) {
    return switch (input) {
      case Session.Settled settled -> end();
      case Session.Tick tick -> {
        with.meters().count(Meter.SETTLED_LATE);
        yield end();
      }
      case SessionInput other -> meanwhile(other);
    };
  }

  // ---- what others say meanwhile

  private Behavior<SessionInput> meanwhile(SessionInput input) {
    switch (input) {
      case Peer.Attached again -> {
        return vanish();
      }
      case Session.Drain drain -> deferred.add(drain);
      case Mail.Confirmed confirmed -> keep(HandOver.Answer.of(confirmed));
      case Mail.Refused refused -> keep(HandOver.Answer.of(refused));
      case Mail mail -> forwarder.forward(mail);
      // From this session's own predecessor, too late to be waited for.
      case Mail.Envelope late -> forwardLate(late);
      case HandOver.State late -> {
        older.hear(late);
        answers.add(late);
      }
      case SessionInput late -> {}
    }
    return Behaviors.same();
  }

  /**
   * An actor of the peer that knows nothing of the move has named this session the one again. Its
   * successor forwards to it from now on: so it ends, that nothing goes round in circles, and what
   * is on its way goes back to its senders' loops, which ask where the peer is.
   */
  private Behavior<SessionInput> vanish() {
    with.peers().tell(new Peer.Leave(identity, seat));
    return Behaviors.stopped();
  }

  private void forwardLate(Mail.Envelope late) {
    Mail.Delivery message = older.unprocessed(late, with.routes());
    if (message != null) {
      forwarder.forward(message);
    }
  }

  private void keep(HandOver.Answer answer) {
    answers.add(HandOver.State.late(sessionId, answer));
  }

  // ---- the end

  private Behavior<SessionInput> end() {
    with.routes().tell(to, new HandOver.End(messages, estate.lost()));
    answers.forEach(forwarder::forward);
    deferred.forEach(scene.self()::tell);
    scene.alarm().in(with.settings().lingerAfterMove());
    return new Moved(scene, new Roster.Exit(identity, seat), sessionId, older, forwarder).moved(to);
  }
}
