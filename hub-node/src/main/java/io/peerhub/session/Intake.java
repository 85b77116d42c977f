package io.peerhub.session;

import io.peerhub.delivery.AckWatch;
import io.peerhub.delivery.BadFrames;
import io.peerhub.delivery.Deliverable;
import io.peerhub.delivery.DeliveryWindow;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Span;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the peer says after its welcome: each frame is given to who deals with it, and what is none,
 * or none for now, is refused. Answers go to one connection; a session that was cut takes nothing
 * in.
 */
final class Intake {
  /** Silence for longer ends the connection anyhow. */
  private static final long ROUND_TRIP_MAX_MS = 60_000;

  private final Surroundings with;
  private final Line line;
  private final Conversation conversation;
  private final Sending sending;
  private final Attendance attendance;
  private final BadFrames badFrames;
  private final AckWatch acks;

  Intake(
      Surroundings with,
      Line line,
      Conversation conversation,
      Sending sending,
      Attendance attendance) {
    this.with = with;
    this.line = line;
    this.conversation = conversation;
    this.sending = sending;
    this.attendance = attendance;
    this.badFrames = new BadFrames(with.settings().badFramesMax());
    this.acks = new AckWatch(with.settings().ackTimeout().toNanos(), with.nanos().getAsLong());
  }

  void take(Frame.FromPeer frame, long now) {
    switch (frame) {
      case Frame.Send send -> sending.send(send, now);
      case Frame.Ack ack -> conversation.ack(ack.seq());
      case Frame.Ping ping -> line.say(new Frame.Pong(ping.t(), Map.of()));
      case Frame.Pong pong -> timeRoundTrip(pong);
      case Frame.Reject reject -> conversation.reject(reject);
      case Frame.Ask ask -> sending.ask(ask, attendance, now);
      case Frame.Hello hello -> refuse("", frame, Refusal.WRONG_PHASE);
      case Frame.Proof proof -> refuse("", frame, Refusal.WRONG_PHASE);
      case Frame.Join join -> attendance.join(join, now);
      case Frame.Leave leave -> attendance.leave(leave, now);
      case Frame.Serve serve -> refuse(serve.id(), frame, Refusal.UNKNOWN_FRAME);
      case Frame.Unserve unserve -> refuse(unserve.id(), frame, Refusal.UNKNOWN_FRAME);
      // It ends the session, whose business that is.
      case Frame.Bye bye -> {}
    }
  }

  /** Whether the peer has left everything unacknowledged for too long; asked now and then. */
  boolean lacksAcks(long now) {
    DeliveryWindow<Deliverable> window = conversation.window();
    boolean lacks = acks.isOverdue(window.ackedSeq(), window.unackedCount(), now);
    if (lacks) {
      with.meters().refused(Refusal.NOT_ACKNOWLEDGING);
    }
    return lacks;
  }

  /** The peer says when it was asked; an answer to no question of the hub's is not believed. */
  private void timeRoundTrip(Frame.Pong pong) {
    long millis = with.clock().millis() - pong.t();
    if (millis >= 0 && millis <= ROUND_TRIP_MAX_MS) {
      with.meters().took(Span.ROUND_TRIP, TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private void refuse(String id, Frame frame, Refusal refusal) {
    with.meters().refused(refusal);
    line.say(new Frame.Refuse(id, 0, frame.kind(), refusal.code(), refusal.reason(), 0));
  }

  /**
   * Refuses what is no frame.
   *
   * @return with what the connection has to end; null if it lives on
   */
  Refusal refuse(BadFrame cause, long now) {
    Refusal refusal = cause.refusal();
    with.meters().refused(refusal);
    if (refusal == Refusal.FRAME_TOO_LARGE) {
      return refusal;
    }
    if (badFrames.tooMany(now)) {
      return Refusal.TOO_MANY_BAD_FRAMES;
    }
    line.say(
        new Frame.Refuse(
            cause.id(), cause.n(), cause.kind(), refusal.code(), cause.getMessage(), 0));
    return null;
  }
}
