package io.peerhub.session;

import io.peerhub.delivery.RateLimit;
import io.peerhub.identity.Rights;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.protocol.Address;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.room.Step;
import io.peerhub.routing.Guest;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rooms that a session's peer is in: joins and leaves for it, and takes what they say. It
 * survives the connection with its session, and goes on in the session that resumes.
 *
 * <p>Guarantees that a room which was joined is left when the session ends, in whatever way.
 */
final class Attendance implements Guest {
  private record Room(boolean echo, String id) {}

  private final Surroundings with;
  private final Identity identity;
  private final Seat seat;
  private final Conversation conversation;
  private final RateLimit rate;
  private final Rights rights;
  private final Map<String, Room> rooms = new LinkedHashMap<>(0);
  private final Line line;

  Attendance(
      Surroundings with,
      Line line,
      Identity identity,
      Seat seat,
      Conversation conversation,
      Rights rights) {
    this.with = with;
    this.line = line;
    this.identity = identity;
    this.seat = seat;
    this.conversation = conversation;
    this.rights = rights;
    AttendanceSettings limits = with.attendance();
    this.rate = new RateLimit(limits.changesPerSecond(), limits.changesBurst());
  }

  // ---- what the peer asks for

  void join(Frame.Join join, long now) {
    if (!Identity.isPart(join.room())) {
      refuse(join, join.id(), Refusal.BAD_NAME, 0);
    } else if (!rights.mayJoin(new Address.Room(join.room()))) {
      refuse(join, join.id(), Refusal.NOT_ALLOWED, 0);
    } else if (!rate.take(now)) {
      refuse(join, join.id(), Refusal.TOO_FAST, rate.retryAfterMs(now));
    } else if (rooms.containsKey(join.room())) {
      refuse(join, join.id(), Refusal.WRONG_PHASE, 0);
    } else if (rooms.size() >= with.attendance().maxRooms()) {
      refuse(join, join.id(), Refusal.TOO_MANY, 0);
    } else {
      rooms.put(join.room(), new Room(join.echo(), join.id()));
      with.halls().join(join.room(), this, join.echo(), join.history(), join.since(), join.id());
    }
  }

  void leave(Frame.Leave leave, long now) {
    if (!Identity.isPart(leave.room())) {
      refuse(leave, leave.id(), Refusal.BAD_NAME, 0);
    } else if (!rate.take(now)) {
      refuse(leave, leave.id(), Refusal.TOO_FAST, rate.retryAfterMs(now));
    } else if (rooms.remove(leave.room()) == null) {
      refuse(leave, leave.id(), Refusal.WRONG_PHASE, 0);
    } else {
      with.halls().leave(leave.room(), this, Step.LEFT);
      if (!leave.id().isEmpty()) {
        say(new Frame.Done(leave.id()));
      }
    }
  }

  private void refuse(Frame frame, String id, Refusal refusal, int retryAfterMs) {
    with.meters().refused(refusal);
    say(new Frame.Refuse(id, 0, frame.kind(), refusal.code(), refusal.reason(), retryAfterMs));
  }

  // ---- what becomes of the session

  /** The connection is cut. */
  void away() {
    rooms.keySet().forEach(room -> with.halls().turn(room, this, Step.AWAY));
  }

  /** The session is over. */
  void leaveAll(Step step) {
    rooms.keySet().forEach(room -> with.halls().leave(room, this, step));
    rooms.clear();
  }

  /** The session ends without a word. */
  void lose() {
    leaveAll(Step.LOST);
  }

  /** The session hands over to one that goes on with it: from where that has to join again. */
  List<HandOver.Stay> move() {
    List<HandOver.Stay> stays = new ArrayList<>(rooms.size());
    rooms.forEach(
        (room, how) -> {
          long heard = with.halls().leave(room, this, Step.MOVING);
          stays.add(new HandOver.Stay(room, how.echo(), heard));
        });
    rooms.clear();
    return stays;
  }

  /** Goes on with the rooms of an older session, from what its peer was given last. */
  void resume(List<HandOver.Stay> stays) {
    for (HandOver.Stay stay : stays) {
      rooms.put(stay.room(), new Room(stay.echo(), ""));
      with.halls().join(stay.room(), this, stay.echo(), 0, stay.heard(), "");
    }
  }

  // ---- what rooms say

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public Seat seat() {
    return seat;
  }

  @Override
  public boolean isAway() {
    return !line.isUp();
  }

  @Override
  public void joined(String room, boolean whole) {
    if (!whole) {
      missed(0);
    }
  }

  @Override
  public void turned(String room, Refusal refusal) {
    Room wish = rooms.remove(room);
    if (wish != null) {
      with.meters().refused(refusal);
      int retryAfterMs = refusal.retryable() ? 1000 : 0;
      say(new Frame.Refuse(wish.id(), 0, "join", refusal.code(), refusal.reason(), retryAfterMs));
    }
  }

  @Override
  public void deliver(Mail.Delivery copy) {
    try {
      boolean waitedBefore = conversation.isWaiting();
      if (conversation.deliver(copy) && !waitedBefore) {
        seat.session().tell(new Session.Tick()); // Sets the alarm for its end.
      }
    } catch (RuntimeException | Error thrown) {
      broken(thrown);
    }
  }

  @Override
  public void missed(long count) {
    try {
      conversation.missed(count);
    } catch (RuntimeException | Error thrown) {
      broken(thrown);
    }
  }

  @Override
  public void say(Frame.FromHub frame) {
    try {
      line.say(frame);
    } catch (RuntimeException | Error thrown) {
      broken(thrown);
    }
  }

  /** What is thrown here, in the turn of the room, is this member's: the next one gets its copy. */
  private void broken(Throwable thrown) {
    with.meters().count(Meter.CRASHES);
    seat.session().tell(new Session.Broken(new IllegalStateException("in a room's turn", thrown)));
  }
}
