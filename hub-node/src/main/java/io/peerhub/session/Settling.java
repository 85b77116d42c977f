package io.peerhub.session;

import io.peerhub.delivery.SessionInput;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.protocol.Identity;
import io.peerhub.routing.Forwarder;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phase in which a session hands itself over. What it has goes at once; the end of it is said
 * only when all that its peer sent through it is in the mailboxes of the receivers, because what
 * the peer sends through the successor, after its welcome, may go another way. On the same loop it
 * goes the same way, and nothing is waited for.
 *
 * <p>Mail that comes meanwhile belongs before all that reaches the successor directly, so it is
 * handed over too, as long as the successor's queue would have room for it; past that, and behind
 * anything that may not be put before others, it is forwarded like mail after the end. Answers wait
 * for the end, since the successor counts on one state before it.
 *
 * <p>After half of the time that the successor waits for a piece the end is said in any case, and
 * counted: a flow may be out of order there.
 */
final class Settling {
  private final Scene scene;
  private final Surroundings with;
  private final Identity identity;
  private final Seat seat;
  private final Seat to;
  private final boolean resumes;
  private final Forwarder forwarder;
  private final List<HandOver.State> answers = new ArrayList<>(0);
  private String sessionId;
  private int messages;
  private int waiting;
  private long bytes;
  private boolean forwards;

  Settling(Scene scene, Identity identity, Seat seat, Peer.Yield yielded) {
    this.scene = scene;
    this.with = scene.with();
    this.identity = identity;
    this.seat = seat;
    this.to = yielded.to();
    this.resumes = yielded.resumes();
    this.forwarder = with.routes().forwarder(identity, seat, to, yielded.epoch());
    scene.atEnd(forwarder::close);
  }

  /**
   * Hands over what there is, and waits until what was sent has arrived.
   *
   * @param besides what is not counted among the messages
   */
  Behavior<SessionInput> settle(
      Conversation conversation, HandOver.State counters, List<HandOver> besides) {
    sessionId = counters.sessionId();
    conversation.handOver(counters, resumes, this::handOver);
    besides.forEach(piece -> with.routes().tell(to, piece));
    if (isOnThisLoop(to)) {
      // Behind what is in the mailbox already, which has to be handed over before the end.
      scene.self().tell(new Session.Settled());
    } else {
      with.routes().settle(identity, () -> scene.self().tell(new Session.Settled()));
      scene.alarm().in(with.settings().handOverTimeout().dividedBy(2));
    }
    return scene.phase(this::whileSettling, signal -> Behaviors.same());
  }

  private boolean isOnThisLoop(Seat other) {
    return other.loop() == seat.loop() && other.session().path().address().hasLocalScope();
  }

  private Behavior<SessionInput> whileSettling(SessionInput input) {
    switch (input) {
      case Session.Settled settled -> {
        return end();
      }
      case Session.Tick tick -> {
        with.meters().count(Meter.SETTLED_LATE);
        return end();
      }
      case Mail.Delivery message -> take(message);
      case Mail.Confirmed confirmed -> keep(HandOver.Answer.of(confirmed));
      case Mail.Refused refused -> keep(HandOver.Answer.of(refused));
      case Mail.Lost lost -> {
        forwards = true;
        forwarder.forward(lost);
      }
      case Mail.Fence fence -> forwarder.forward(fence);
      // From this session's own predecessor, too late to be waited for.
      case HandOver.Waiting late -> take(late.delivery());
      case HandOver.Written late -> take(late.delivery());
      case HandOver.State late -> answers.add(late);
      case SessionInput late -> {}
    }
    return Behaviors.same();
  }

  private void take(Mail.Delivery message) {
    forwards |= waiting >= with.settings().queueMaxCount();
    forwards |= bytes + message.weight() > with.settings().queueMaxBytes();
    if (forwards) {
      forwarder.forward(message);
    } else {
      handOver(new HandOver.Waiting(message));
      if (message.sender() != null) {
        forwarder.notice(message.sender());
      }
    }
  }

  private void handOver(HandOver piece) {
    if (!(piece instanceof HandOver.State)) {
      messages++;
    }
    if (piece instanceof HandOver.Waiting) {
      waiting++;
      bytes += piece.weight();
    }
    with.routes().tell(to, piece);
  }

  private void keep(HandOver.Answer answer) {
    answers.add(HandOver.State.late(sessionId, answer));
  }

  private Behavior<SessionInput> end() {
    with.routes().tell(to, new HandOver.End(messages));
    answers.forEach(forwarder::forward);
    scene.alarm().in(with.settings().lingerAfterMove());
    return new Moved(scene, new Roster.Exit(identity, seat), sessionId, forwarder).moved(to);
  }
}
