package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.Liveness;
import io.peerhub.room.Step;
import io.peerhub.routing.RoomAnswer;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phases of a session that is the one: its peer is connected, or may come back.
 *
 * <pre>
 *   (Attaching) -> live -> detached -> over
 *                  live, detached -> (HandingOver)
 *                  live, detached -> (Leaving)
 * </pre>
 *
 * <p>One timer serves heartbeat, expiry and resume window.
 */
final class Living {
  private final Scene scene;
  private final Surroundings with;
  private final Session.Standing standing;
  private final Conversation conversation;
  private final Sending sending;
  private final Attendance attendance;
  private final Alarm alarm;
  private final Attachment attachment;
  private final Incoming incoming;

  private final Line line;

  // Null while the peer is not connected.
  private Intake intake;
  private Liveness liveness;
  private long windowEndsAt;

  Living(
      Scene scene,
      Session.Standing standing,
      Conversation conversation,
      Sending sending,
      Attendance attendance) {
    this.scene = scene;
    this.with = scene.with();
    this.line = scene.line();
    this.standing = standing;
    this.conversation = conversation;
    this.sending = sending;
    this.attendance = attendance;
    this.alarm = scene.alarm();
    this.attachment = new Attachment(scene, standing);
    this.incoming = new Incoming(with, standing, conversation, sending, alarm);
  }

  // ---- live

  /** The welcome is written: takes what the peer said early, then goes on. */
  Behavior<SessionInput> begin(List<Mail> mail, List<Frame.FromPeer> early) {
    Diary.note(standing, "live");
    intake = new Intake(with, line, conversation, sending, attendance);
    long now = with.nanos().getAsLong();
    liveness = new Liveness(standing.terms().heartbeat().toNanos(), now);
    conversation.flow();
    mail.forEach(incoming::take);
    long[] held = conversation.heldPlaces();
    if (held.length > 0) {
      conversation.letters().attach(held);
    } else {
      conversation.letters().ask();
    }
    alarm.by(Math.min(liveness.nextAt(), falldue(now)), now);
    line.resume();
    return early.isEmpty() ? live() : onReceived(new Session.Received(early), live());
  }

  /** Connected: takes frames, delivers mail. */
  private Behavior<SessionInput> live() {
    return scene.phase(this::whileLive, this::onSignal);
  }

  private Behavior<SessionInput> whileLive(SessionInput input) {
    return switch (input) {
      case Session.Received received -> onReceived(received, Behaviors.same());
      case Mail mail -> onMail(mail);
      case HandOver late -> onLate(late);
      case Session.Writable writable -> {
        conversation.flow();
        yield Behaviors.same();
      }
      case Session.Malformed malformed -> onMalformed(malformed.cause());
      case Session.Closed closed -> detach();
      case Session.Tick tick -> onLiveTick();
      case Session.ReportAgain again -> onReportAgain();
      case Session.Drain drain -> onDrain(drain);
      case Peer.Notice notice -> onNotice(notice);
      case Mailbox.Notice notice -> onMailbox(notice);
      case Roster.Expelled expelled -> onExpelled();
      case RoomAnswer answer -> {
        attendance.say(answer.presence());
        yield Behaviors.same();
      }
      case Session.Broken broken -> throw broken.bug();
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onReceived(
      Session.Received received, Behavior<SessionInput> next) {
    long now = with.nanos().getAsLong();
    liveness.heard(now);
    for (Frame.FromPeer frame : received.frames()) {
      if (frame instanceof Frame.Bye) {
        return over(Step.LEFT);
      }
      intake.take(frame, now);
    }
    alarm.by(sending.postings().nextAt(), now);
    return next;
  }

  private Behavior<SessionInput> onMalformed(BadFrame cause) {
    long now = with.nanos().getAsLong();
    liveness.heard(now);
    Refusal end = intake.refuse(cause, now);
    return end == null ? Behaviors.same() : fatal(end);
  }

  /** The connection ends with this; the session waits for a resume, as after any cut. */
  private Behavior<SessionInput> fatal(Refusal refusal) {
    line.say(Scene.error(refusal));
    return detach();
  }

  private Behavior<SessionInput> onLiveTick() {
    alarm.forget();
    long now = with.nanos().getAsLong();
    switch (liveness.step(now)) {
      case CLOSE -> {
        with.meters().count(Meter.SILENT);
        return fatal(Refusal.SILENT);
      }
      case PING -> line.say(new Frame.Ping(with.clock().millis(), Map.of()));
      case WAIT -> {}
    }
    if (intake.lacksAcks(now)) {
      return fatal(Refusal.NOT_ACKNOWLEDGING);
    }
    alarm.by(Math.min(liveness.nextAt(), falldue(now)), now);
    return Behaviors.same();
  }

  private long falldue(long now) {
    return Math.min(conversation.expire(now), sending.postings().sayAgain(now));
  }

  private Behavior<SessionInput> onDrain(Session.Drain drain) {
    line.say(
        new Frame.Goaway(
            Refusal.DRAINING.reason(),
            (int) drain.reconnectIn().toMillis(),
            with.otherNodes().get()));
    return over(Step.DRAINED);
  }

  private Behavior<SessionInput> onExpelled() {
    with.meters().refused(Refusal.DISABLED);
    line.say(Scene.error(Refusal.DISABLED));
    return over(Step.SHUT_OUT);
  }

  // ---- detached

  private Behavior<SessionInput> detach() {
    Diary.note(standing, "away");
    line.hangUp();
    intake = null;
    conversation.disconnect();
    attendance.away();
    attachment.away();
    long now = with.nanos().getAsLong();
    windowEndsAt = now + with.settings().resumeWindow().toNanos();
    alarm.forget();
    alarm.by(Math.min(windowEndsAt, falldue(now)), now);
    return detached();
  }

  /** Cut off: everything waits, within its limits, for a resume or the end of the window. */
  Behavior<SessionInput> detached() {
    return scene.phase(this::whileDetached, this::onSignal);
  }

  /** The connection was lost even before the welcome could be read. */
  Behavior<SessionInput> beginDetached(List<Mail> mail) {
    mail.forEach(incoming::take);
    return detach();
  }

  private Behavior<SessionInput> whileDetached(SessionInput input) {
    return switch (input) {
      case Mail mail -> onMail(mail);
      case HandOver late -> onLate(late);
      case Peer.Notice notice -> onNotice(notice);
      case Mailbox.Posted posted -> onMailbox(posted);
      case Mailbox.Notice late -> Behaviors.same(); // They come again, to the next connection.
      case Session.Tick tick -> onDetachedTick();
      case Session.ReportAgain again -> onReportAgain();
      case Session.Drain drain -> over(Step.DRAINED);
      case Roster.Expelled expelled -> over(Step.SHUT_OUT);
      case Session.Broken broken -> throw broken.bug();
      case RoomAnswer late -> Behaviors.same();
      // The tail of what the connection had read, and its end: the peer says it again.
      case Session.Received late -> Behaviors.same();
      case Session.Malformed late -> Behaviors.same();
      case Session.Writable late -> Behaviors.same();
      case Session.Closed late -> Behaviors.same();
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onDetachedTick() {
    alarm.forget();
    long now = with.nanos().getAsLong();
    if (windowEndsAt - now <= 0) {
      return over(Step.LOST);
    }
    alarm.by(Math.min(windowEndsAt, falldue(now)), now);
    return Behaviors.same();
  }

  // ---- what others say, connected or not

  private Behavior<SessionInput> onMail(Mail mail) {
    incoming.take(mail);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onLate(HandOver piece) {
    incoming.takeLate(piece);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onNotice(Peer.Notice notice) {
    return switch (notice) {
      case Peer.Yield yielded -> move(yielded);
      case Peer.Reattached reattached -> onReattached(reattached);
      case Peer.Whereabouts answer -> onWhereabouts(answer);
      case Peer.Attached repeated -> Behaviors.same();
      case Peer.Denied late -> Behaviors.same();
    };
  }

  private Behavior<SessionInput> onMailbox(Mailbox.Notice notice) {
    incoming.take(notice);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onReattached(Peer.Reattached reattached) {
    attachment.confirmed(reattached);
    if (!line.isUp()) {
      attachment.away();
    }
    return Behaviors.same();
  }

  private Behavior<SessionInput> onWhereabouts(Peer.Whereabouts answer) {
    sending.answered(answer);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onSignal(Signal signal) {
    return switch (signal) {
      // Only the peer's actor is watched here. Its end says nothing about this session.
      case Terminated gone -> onReportAgain();
      case Signal other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onReportAgain() {
    attachment.report();
    return Behaviors.same();
  }

  // ---- moved

  private Behavior<SessionInput> move(Peer.Yield yielded) {
    Diary.note(standing, "moved");
    line.say(Scene.error(Refusal.TAKEN_OVER));
    line.hangUp();
    conversation.yield();
    List<HandOver> besides = new ArrayList<>(0);
    if (yielded.resumes()) {
      besides.addAll(attendance.move());
      sending.postings().handOver(besides::add);
    } else {
      attendance.leaveAll(Step.TAKEN_OVER);
      sending.postings().flush();
    }
    alarm.cancel();
    scene.timers().cancelAll();
    attachment.handOver();
    Estate estate = new Estate(standing.sessionId(), conversation, sending, yielded.resumes());
    return new HandingOver(scene, standing, yielded, estate).handOver(besides);
  }

  // ---- over

  private Behavior<SessionInput> over(Step step) {
    Diary.note(standing, "over");
    attendance.leaveAll(step);
    sending.postings().flush();
    if (!with.routes().mayCarryMailOf(standing.terms().identity())) {
      attachment.leave();
      return Behaviors.stopped();
    }
    line.hangUp();
    conversation.close();
    attachment.depart();
    return new Leaving(scene, standing).leave();
  }
}
