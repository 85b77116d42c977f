package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.Via;
import io.peerhub.protocol.Frame;
import io.peerhub.room.Room;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One room as one loop sees it: the members on this loop, and what is on the way to the room and
 * from it. Belongs to the loop's thread.
 *
 * <p>A copy is encoded once for all members here, and written to each in turn; what a member cannot
 * take waits in its own session.
 */
final class Hall {
  /** A member, or somebody who has asked to be one. */
  private static final class Place {
    final Guest guest;
    final boolean echo;
    final Room.Join wish;
    boolean live;

    Place(Guest guest, boolean echo, Room.Join wish) {
      this.guest = guest;
      this.echo = echo;
      this.wish = wish;
    }

    boolean wants(Mail.Delivery copy) {
      return echo || !copy.from().equals(guest.identity());
    }
  }

  /** How many questions may wait for their answer. */
  private static final int QUESTIONS_MAX = 256;

  final String room;
  final HeldMail held = new HeldMail();

  /** Set by each use; a hall that nobody is in is forgotten when it was not used for a while. */
  boolean touched = true;

  private final Map<Seat, Place> places = new LinkedHashMap<>();
  private final List<Place> live = new ArrayList<>();
  private final List<Room.Ask> questions = new ArrayList<>();

  /** Null while the room is looked for. */
  private ActorRef<Room.Command> actor;

  /** Whether the actor ends in good order, with nothing of it on the way. */
  private boolean closing;

  private int askCount;
  private long askAgainAt;
  private long heard;
  private long unheard;
  private long onTheWay;

  Hall(String room) {
    this.room = room;
  }

  // ---- the room's actor

  ActorRef<Room.Command> actor() {
    return actor;
  }

  /** It is looked for, once more. */
  void ask(long againAt) {
    askCount++;
    askAgainAt = againAt;
  }

  int askCount() {
    return askCount;
  }

  boolean answerIsLate(long now) {
    return actor == null && now - askAgainAt >= 0;
  }

  /**
   * It is there.
   *
   * @return what it has to be told first, in order
   */
  List<Room.Command> found(ActorRef<Room.Command> by, Seat here) {
    actor = by;
    askCount = 0;
    List<Room.Command> first = new ArrayList<>();
    if (!live.isEmpty()) {
      first.add(report(here));
    }
    for (Place place : places.values()) {
      if (!place.live) {
        first.add(place.wish);
      }
    }
    first.addAll(questions);
    return first;
  }

  private Room.Report report(Seat here) {
    List<Room.Reported> members = new ArrayList<>();
    for (Place place : live) {
      Guest guest = place.guest;
      members.add(new Room.Reported(guest.identity(), guest.seat(), 0, guest.isAway()));
    }
    return new Room.Report(here, members, heard);
  }

  void close() {
    closing = true;
  }

  /**
   * It has ended.
   *
   * @return how many bytes were on the way to it
   */
  long lost() {
    if (!closing) {
      live.forEach(place -> place.guest.missed(0));
    }
    closing = false;
    actor = null;
    unheard = 0;
    long bytes = onTheWay;
    onTheWay = 0;
    return bytes;
  }

  /** Keeps a question until it is answered, by whichever actor; false if there are too many. */
  boolean keep(Room.Ask question) {
    return questions.size() < QUESTIONS_MAX && questions.add(question);
  }

  void answered(Room.Members list) {
    questions.removeIf(
        question -> question.session().equals(list.session()) && question.id().equals(list.id()));
  }

  boolean isNeeded() {
    return !places.isEmpty() || !held.isEmpty() || !questions.isEmpty();
  }

  // ---- members

  boolean has(Guest guest) {
    return places.containsKey(guest.seat());
  }

  void admit(Guest guest, boolean echo, Room.Join wish) {
    places.put(guest.seat(), new Place(guest, echo, wish));
  }

  /** It is a member no more; returns the last number that it knows. */
  long dismiss(Guest guest) {
    Place place = places.remove(guest.seat());
    if (place != null && place.live) {
      live.remove(place);
      return heard;
    }
    return 0;
  }

  /** Nobody could say where the room is. */
  List<Guest> dismissAll() {
    List<Guest> guests = places.values().stream().map(place -> place.guest).toList();
    places.clear();
    live.clear();
    questions.clear();
    return guests;
  }

  /** The guest at a seat; null if it has gone meanwhile. */
  Guest guest(Seat seat) {
    Place place = places.get(seat);
    return place == null ? null : place.guest;
  }

  void joined(Room.Joined joined) {
    Place place = places.get(joined.session());
    if (place != null && !place.live && place.wish.round() == joined.round()) {
      place.live = true;
      live.add(place);
      heard = Math.max(heard, joined.at());
      place.guest.joined(room, joined.whole());
    }
  }

  void replay(Room.Replayed replayed) {
    Place place = places.get(replayed.session());
    if (place != null && place.live && place.wants(replayed.message())) {
      place.guest.deliver(replayed.message());
    }
  }

  /** Gives everybody its copy; what was given before is not given again. */
  void copy(Room.Copy copy) {
    Mail.Delivery message = copy.message();
    if (!(message.via() instanceof Via.Room place) || place.roomSeq() <= heard) {
      return;
    }
    heard = place.roomSeq();
    Mail.Delivery shared = live.size() > 1 ? message.shared() : message;
    for (int i = 0; i < live.size(); i++) {
      Place member = live.get(i);
      if (copy.missed() > 0) {
        member.guest.missed(copy.missed());
      }
      if (member.wants(shared)) {
        member.guest.deliver(shared);
      }
    }
  }

  void say(Frame.FromHub frame) {
    for (int i = 0; i < live.size(); i++) {
      live.get(i).guest.say(frame);
    }
  }

  // ---- what is on the way

  boolean hasCredit(int weight, long credit) {
    return onTheWay == 0 || onTheWay + weight <= credit;
  }

  void sent(int weight) {
    onTheWay += weight;
  }

  void taken(long bytes) {
    onTheWay = Math.max(0, onTheWay - bytes);
  }

  /** So many bytes were given to members; returns what is to be told, 0 if that can wait. */
  long heard(int weight, long atLeast) {
    unheard += weight;
    if (unheard < atLeast) {
      return 0;
    }
    long all = unheard;
    unheard = 0;
    return all;
  }
}
