package io.peerhub.room;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who is in a room, in which halls, and the order of what is said there. Decides; the {@link Room}
 * tells. It outlives a crash of its actor, so it never throws over what a session may say.
 *
 * <p>Numbers rise for ever: their high part is a term that no earlier actor of this room had, so
 * that a number which was once given never comes again, not even after a crash.
 */
final class Assembly {
  /** One member, and the session that speaks for it. */
  static final class Member {
    final Identity identity;
    final long since;
    Seat hall;
    Seat session;
    boolean away;

    /** By when another session has to go on with it, in nanoseconds; 0 if none has to. */
    long movingUntil;

    Member(Identity identity, long since) {
      this.identity = identity;
      this.since = since;
    }

    Frame.Member shown() {
      return new Frame.Member(identity.text(), since, Map.of());
    }
  }

  /** What becomes of a wish to join. */
  sealed interface Entry {}

  /**
   * The member is in.
   *
   * @param at everything up to this number is history, what follows is live
   * @param replay what it gets before that
   */
  record Admitted(long at, History.Replay replay) implements Entry {}

  record Turned(Refusal refusal) implements Entry {}

  private final RoomPolicy policy;
  private final History history;
  private final Changes changes = new Changes();
  // Sorted, so that lists come in pages that are the same for everybody.
  private final TreeMap<String, Member> members = new TreeMap<>();
  private final Map<Seat, Hall> halls = new LinkedHashMap<>();
  private final long first;
  private long seq;

  /**
   * @param base no number up to this one was ever given for another message of the room
   */
  Assembly(RoomPolicy policy, long base) {
    this.policy = policy;
    this.first = base;
    this.seq = base;
    this.history =
        new History(policy.keptCount(), policy.historyBytes(), policy.keptFor().toNanos(), base);
  }

  /** Lets somebody in, who may be in already under an older session. */
  Entry join(Room.Join join, long now, long clock) {
    Refusal refusal = refusal(join);
    if (refusal != null) {
      return new Turned(refusal);
    }
    Member member = members.get(join.member().text());
    if (member == null) {
      member = new Member(join.member(), clock);
      members.put(join.member().text(), member);
      changes.add(member.identity, RoomEvent.ENTER, "", member.since);
    } else {
      hall(member.hall).members--;
      if (member.away && !join.away()) {
        changes.add(member.identity, RoomEvent.BACK, "", member.since);
      }
    }
    sit(member, join.hall(), join.session(), join.away());
    history.expire(now);
    return new Admitted(seq, replay(join));
  }

  private Refusal refusal(Room.Join join) {
    if (join.history() > policy.historyCount()) {
      return Refusal.TOO_MANY;
    }
    if (join.since() > seq) {
      return Refusal.OUT_OF_SEQUENCE;
    }
    boolean isNew = !members.containsKey(join.member().text());
    return isNew && members.size() >= policy.maxMembers() ? Refusal.TOO_MANY : null;
  }

  private History.Replay replay(Room.Join join) {
    if (join.since() > 0) {
      return history.since(join.since());
    }
    return join.history() > 0 ? history.last(join.history()) : History.Replay.NOTHING;
  }

  private void sit(Member member, Seat hall, Seat session, boolean away) {
    member.hall = hall;
    member.session = session;
    member.away = away;
    member.movingUntil = 0;
    hall(hall).members++;
  }

  /**
   * A hall whose members were with an earlier actor of this room.
   *
   * @return what its members have missed
   */
  History.Replay report(Room.Report report, long clock) {
    for (Room.Reported each : report.members()) {
      Member member = members.get(each.member().text());
      if (member == null) {
        member = new Member(each.member(), each.since() == 0 ? clock : each.since());
        members.put(each.member().text(), member);
        changes.add(member.identity, RoomEvent.ENTER, "", member.since);
        sit(member, report.hall(), each.session(), each.away());
      }
    }
    hall(report.hall());
    return history.since(Math.max(first, report.heard()));
  }

  /** A session says what becomes of its member; what is said for another session is too late. */
  void step(Identity identity, Seat session, Step step, long deadline) {
    Member member = members.get(identity.text());
    if (member == null || !member.session.equals(session)) {
      return;
    }
    switch (step) {
      case AWAY, BACK -> {
        if (member.away != (step == Step.AWAY)) {
          member.away = step == Step.AWAY;
          RoomEvent event = member.away ? RoomEvent.AWAY : RoomEvent.BACK;
          changes.add(identity, event, "", member.since);
        }
      }
      case MOVING -> member.movingUntil = deadline;
      case LEFT, LOST, TAKEN_OVER, DRAINED -> leave(member, step);
    }
  }

  private void leave(Member member, Step step) {
    members.remove(member.identity.text());
    hall(member.hall).members--;
    changes.add(member.identity, RoomEvent.LEAVE, step.reason(), member.since);
  }

  /** The loop of a hall is gone, with everybody in it. */
  void lose(Predicate<Object> isGone) {
    for (Member member : List.copyOf(members.values())) {
      if (isGone.test(member.hall.session())) {
        leave(member, Step.LOST);
      }
    }
    halls.keySet().removeIf(seat -> isGone.test(seat.session()));
  }

  /** Who was to come back and did not is lost. */
  void tick(long now) {
    history.expire(now);
    for (Member member : List.copyOf(members.values())) {
      if (member.movingUntil != 0 && member.movingUntil - now <= 0) {
        leave(member, Step.LOST);
      }
    }
  }

  boolean hasMoving() {
    return members.values().stream().anyMatch(member -> member.movingUntil != 0);
  }

  /** Gives a message its place in the order, and says under which form everybody gets it. */
  Mail.Delivery place(Mail.Delivery message, long now) {
    seq++;
    Mail.Delivery placed = message.inRoom(seq);
    if (members.isEmpty() && history.isEmpty()) {
      history.skip(seq); // Nobody was ever here: a sender alone fills no memory.
    } else {
      history.add(seq, placed, now);
    }
    return placed;
  }

  /** Goes on above a newer term. */
  void raise(long base) {
    seq = Math.max(seq, base);
  }

  Hall hall(Seat seat) {
    return halls.computeIfAbsent(seat, Hall::new);
  }

  /** The hall of a loop; null if nothing came from there. */
  Hall knownHall(Seat seat) {
    return halls.get(seat);
  }

  Collection<Hall> halls() {
    return halls.values();
  }

  Changes changes() {
    return changes;
  }

  int size() {
    return members.size();
  }

  long seq() {
    return seq;
  }

  boolean isVacant(long now) {
    history.expire(now);
    return members.isEmpty() && history.isEmpty();
  }

  /** Everybody, in order of their names, a page each. */
  List<List<Frame.Member>> pages() {
    List<List<Frame.Member>> pages = new ArrayList<>();
    List<Frame.Member> page = new ArrayList<>();
    for (Member member : members.values()) {
      if (page.size() == Room.PAGE) {
        pages.add(page);
        page = new ArrayList<>();
      }
      page.add(member.shown());
    }
    pages.add(page);
    return pages;
  }
}
