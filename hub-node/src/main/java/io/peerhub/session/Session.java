package io.peerhub.session;

import io.peerhub.delivery.BadFrames;
import io.peerhub.delivery.Liveness;
import io.peerhub.identity.Handshake;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One peer's conversation ("Phases" shape; on the event loop of its connection). The phases before
 * {@code welcome} are in {@link Opening}.
 *
 * <p>It guarantees order within every flow, and that whatever it holds is handed over or accounted
 * for when it ends. It does not outlive its node: what has to is journaled elsewhere. One timer
 * serves heartbeat, expiry and resume window.
 *
 * <pre>
 *   (Opening) -> live -> detached -> over
 *                live, detached -> settling -> moved -> over
 * </pre>
 */
public final class Session {
  /** What a session hears from its connection, its loop and itself. */
  public sealed interface Command extends SessionInput {}

  /** The whole frames of one read, in order. */
  public record Received(List<Frame.FromPeer> frames) implements Command {}

  /** Behind the frames before it came one that is none; after 1002 nothing can be read any more. */
  public record Malformed(BadFrame cause) implements Command {}

  /** The connection has room again. */
  public record Writable() implements Command {}

  /** The connection is closed. */
  public record Closed(String why) implements Command {}

  /** The node drains: say where to go, and end. */
  public record Drain(Duration reconnectIn) implements Command {}

  /** The proof was held against the keys, or they could not be read. */
  record Judged(Handshake.Verdict verdict) implements Command {}

  /** A timer of this session has run out, in whatever phase it is. */
  record Tick() implements Command {}

  /** All that this session has sent is in the mailboxes of its receivers. */
  record Settled() implements Command {}

  /** Tell the peer's new actor again that this session is there. */
  record ReportAgain() implements Command {}

  /** What was agreed at the opening. */
  record Standing(
      Terms terms, Seat seat, String sessionId, long epoch, ActorRef<Peer.Command> peer) {}

  /** How long a report to a peer's new actor waits for its answer. */
  private static final Duration REPORT_AGAIN = Duration.ofSeconds(1);

  private final Scene scene;
  private final Surroundings with;
  private final Standing standing;
  private final Identity identity;
  private final Conversation conversation;
  private final Sending sending;
  private final BadFrames badFrames;
  private final Alarm alarm;
  private Outlet outlet;
  private Liveness liveness;
  private long windowEndsAt;

  Session(Scene scene, Standing standing, Conversation conversation, Sending sending) {
    this.scene = scene;
    this.with = scene.with();
    this.standing = standing;
    this.identity = standing.terms().identity();
    this.conversation = conversation;
    this.sending = sending;
    this.badFrames = new BadFrames(with.settings().badFramesMax());
    this.alarm = new Alarm(scene.timers());
  }

  /** A session for a connection that has sent its first frame. */
  static Behavior<SessionInput> create(Outlet outlet, Surroundings with) {
    return Scene.setUp(outlet, with, scene -> new Opening(scene).awaitingHello());
  }

  // ---- live

  /** The welcome is written: takes what the peer said early, then goes on. */
  Behavior<SessionInput> begin(Outlet connection, List<Mail> mail, List<Frame.FromPeer> early) {
    Diary.note(standing, "live");
    outlet = connection;
    long now = with.nanos().getAsLong();
    liveness = new Liveness(standing.terms().heartbeat().toNanos(), now);
    conversation.flow();
    mail.forEach(this::onMail);
    alarm.by(Math.min(liveness.nextAt(), conversation.expire(now)), now);
    outlet.resume();
    return early.isEmpty() ? live() : onReceived(new Received(early), live());
  }

  /** Connected: takes frames, delivers mail. */
  private Behavior<SessionInput> live() {
    return scene.phase(this::whileLive, this::onSignal);
  }

  private Behavior<SessionInput> whileLive(SessionInput input) {
    return switch (input) {
      case Received received -> onReceived(received, Behaviors.same());
      case Mail mail -> onMail(mail);
      case HandOver late -> onLate(late);
      case Writable writable -> {
        conversation.flow();
        yield Behaviors.same();
      }
      case Malformed malformed -> onMalformed(malformed.cause());
      case Closed closed -> detach();
      case Tick tick -> onLiveTick();
      case ReportAgain again -> report();
      case Drain drain -> onDrain(drain);
      case Peer.Notice notice -> onNotice(notice);
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onReceived(Received received, Behavior<SessionInput> next) {
    long now = with.nanos().getAsLong();
    liveness.heard(now);
    for (Frame.FromPeer frame : received.frames()) {
      if (frame instanceof Frame.Bye) {
        return over();
      }
      onFrame(frame, now);
    }
    return next;
  }

  private void onFrame(Frame.FromPeer frame, long now) {
    switch (frame) {
      case Frame.Send send -> sending.send(send, now);
      case Frame.Ack ack -> conversation.ack(ack.seq());
      case Frame.Ping ping -> outlet.send(new Frame.Pong(ping.t(), Map.of()));
      case Frame.Pong pong -> {}
      case Frame.Reject reject -> conversation.reject(reject.seq());
      case Frame.Ask ask -> sending.ask(ask, now);
      case Frame.Hello hello -> refuse("", frame, Refusal.WRONG_PHASE);
      case Frame.Proof proof -> refuse("", frame, Refusal.WRONG_PHASE);
      case Frame.Join join -> refuse(join.id(), frame, Refusal.UNKNOWN_FRAME);
      case Frame.Leave leave -> refuse(leave.id(), frame, Refusal.UNKNOWN_FRAME);
      case Frame.Serve serve -> refuse(serve.id(), frame, Refusal.UNKNOWN_FRAME);
      case Frame.Unserve unserve -> refuse(unserve.id(), frame, Refusal.UNKNOWN_FRAME);
      case Frame.Bye bye -> {}
    }
  }

  private void refuse(String id, Frame frame, Refusal refusal) {
    with.meters().refused(refusal);
    outlet.send(new Frame.Refuse(id, 0, frame.kind(), refusal.code(), refusal.reason(), 0));
  }

  private Behavior<SessionInput> onMail(Mail mail) {
    switch (mail) {
      case Mail.Delivery message -> {
        if (conversation.deliver(message)) {
          expireInTime(message);
        }
      }
      case Mail.Confirmed confirmed -> sending.answered(HandOver.Answer.of(confirmed));
      case Mail.Refused refused -> sending.answered(HandOver.Answer.of(refused));
      case Mail.Lost lost -> conversation.lost(lost.count());
      case Mail.Fence fence -> fence.replyTo().tell(new Mail.Fenced(fence.token()));
    }
    return Behaviors.same();
  }

  /** Behind the hand-over, or pieces of one that was not waited for: the gap has been told. */
  private Behavior<SessionInput> onLate(HandOver piece) {
    switch (piece) {
      case HandOver.State late -> {
        if (late.sessionId().equals(standing.sessionId())) {
          late.answers().forEach(sending::answered);
        }
      }
      case HandOver.Written late -> conversation.repeat(late.delivery());
      case HandOver.Waiting late -> {
        if (conversation.enqueue(late.delivery())) {
          expireInTime(late.delivery());
          conversation.flow();
        }
      }
      case HandOver.End end -> {}
    }
    return Behaviors.same();
  }

  private void expireInTime(Mail.Delivery message) {
    long now = with.nanos().getAsLong();
    alarm.by(now + message.ttlMs() * 1_000_000L, now);
  }

  private Behavior<SessionInput> onMalformed(BadFrame cause) {
    Refusal refusal = cause.refusal();
    with.meters().refused(refusal);
    long now = with.nanos().getAsLong();
    liveness.heard(now);
    if (refusal == Refusal.FRAME_TOO_LARGE) {
      return fatal(refusal);
    }
    if (badFrames.tooMany(now)) {
      return fatal(Refusal.TOO_MANY_BAD_FRAMES);
    }
    outlet.send(
        new Frame.Refuse(
            cause.id(), cause.n(), cause.kind(), refusal.code(), cause.getMessage(), 0));
    return Behaviors.same();
  }

  /** The connection ends with this; the session waits for a resume, as after any cut. */
  private Behavior<SessionInput> fatal(Refusal refusal) {
    outlet.send(Scene.error(refusal));
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
      case PING -> outlet.send(new Frame.Ping(with.clock().millis(), Map.of()));
      case WAIT -> {}
    }
    alarm.by(Math.min(liveness.nextAt(), conversation.expire(now)), now);
    return Behaviors.same();
  }

  private Behavior<SessionInput> onDrain(Drain drain) {
    outlet.send(
        new Frame.Goaway(
            Refusal.DRAINING.reason(),
            (int) drain.reconnectIn().toMillis(),
            with.otherNodes().get()));
    return over();
  }

  // ---- detached

  private Behavior<SessionInput> detach() {
    Diary.note(standing, "away");
    outlet.close();
    outlet = null;
    conversation.disconnect();
    sending.connect(null);
    with.peers().tell(new Peer.Away(identity, standing.seat()));
    long now = with.nanos().getAsLong();
    windowEndsAt = now + with.settings().resumeWindow().toNanos();
    alarm.forget();
    alarm.by(Math.min(windowEndsAt, conversation.expire(now)), now);
    return detached();
  }

  /** Cut off: everything waits, within its limits, for a resume or the end of the window. */
  Behavior<SessionInput> detached() {
    return scene.phase(this::whileDetached, this::onSignal);
  }

  /** The connection was lost even before the welcome could be read. */
  Behavior<SessionInput> beginDetached(Outlet lost, List<Mail> mail) {
    outlet = lost;
    mail.forEach(this::onMail);
    return detach();
  }

  private Behavior<SessionInput> whileDetached(SessionInput input) {
    return switch (input) {
      case Mail mail -> onMail(mail);
      case HandOver late -> onLate(late);
      case Peer.Notice notice -> onNotice(notice);
      case Tick tick -> onDetachedTick();
      case ReportAgain again -> report();
      case Drain drain -> over();
      // The tail of what the connection had read, and its end: the peer says it again.
      case Received late -> Behaviors.same();
      case Malformed late -> Behaviors.same();
      case Writable late -> Behaviors.same();
      case Closed late -> Behaviors.same();
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onDetachedTick() {
    alarm.forget();
    long now = with.nanos().getAsLong();
    if (windowEndsAt - now <= 0) {
      return over();
    }
    alarm.by(Math.min(windowEndsAt, conversation.expire(now)), now);
    return Behaviors.same();
  }

  // ---- what the peer says, connected or not

  private Behavior<SessionInput> onNotice(Peer.Notice notice) {
    return switch (notice) {
      case Peer.Yield yielded -> move(yielded);
      case Peer.Reattached reattached -> onReattached(reattached);
      case Peer.Standing answer -> onStanding(answer);
      case Peer.Attached repeated -> Behaviors.same();
      case Peer.Denied late -> Behaviors.same();
    };
  }

  private Behavior<SessionInput> onReattached(Peer.Reattached reattached) {
    scene.timers().cancel(new ReportAgain());
    scene.context().watch(reattached.peer());
    if (outlet == null) {
      with.peers().tell(new Peer.Away(identity, standing.seat()));
    }
    return Behaviors.same();
  }

  private Behavior<SessionInput> onStanding(Peer.Standing answer) {
    if (outlet != null) {
      String event = answer.presence().name().toLowerCase(java.util.Locale.ROOT);
      String peer = answer.identity().text();
      outlet.send(new Frame.Presence("", peer, event, "", List.of(), answer.since(), answer.id()));
    }
    return Behaviors.same();
  }

  private Behavior<SessionInput> onSignal(Signal signal) {
    return switch (signal) {
      // Only the peer's actor is watched here. Its end says nothing about this session.
      case Terminated gone -> report();
      case Signal other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> report() {
    with.peers()
        .tell(new Peer.Reattach(identity, standing.seat(), standing.sessionId(), standing.epoch()));
    scene.timers().startSingleTimer(new ReportAgain(), new ReportAgain(), REPORT_AGAIN);
    return Behaviors.same();
  }

  // ---- moved

  private Behavior<SessionInput> move(Peer.Yield yielded) {
    Diary.note(standing, "moved");
    if (outlet != null) {
      outlet.send(Scene.error(Refusal.TAKEN_OVER));
      outlet.close();
      outlet = null;
    }
    conversation.disconnect();
    scene.timers().cancelAll();
    with.roster().tell(new Roster.Exit(identity, standing.seat()));
    return new Settling(scene, identity, standing.seat(), yielded)
        .settle(conversation, sending.state(standing.sessionId(), conversation));
  }

  // ---- over

  private Behavior<SessionInput> over() {
    Diary.note(standing, "over");
    with.peers().tell(new Peer.Leave(identity, standing.seat()));
    with.roster().tell(new Roster.Exit(identity, standing.seat()));
    return Behaviors.stopped();
  }
}
