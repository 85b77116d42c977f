package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.room.Room;
import io.peerhub.room.Step;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rooms of one loop: a bounded table from a room's name to its {@link Hall}. Sessions join,
 * leave and send through it; what rooms say comes in through the {@link HallKeeper}. Belongs to the
 * loop's thread.
 *
 * <p>It guarantees that what this loop sends to one room arrives there in order, that members here
 * get what the room says in order, and that when a room's actor ends, its members here are reported
 * to the next one.
 */
public final class Halls {
  private static final Logger LOG = LoggerFactory.getLogger(Halls.class);

  /** How long a hall without members is kept after its last use. */
  private static final Duration UNUSED = Duration.ofSeconds(30);

  private final Map<String, Hall> table = new HashMap<>();
  private final Routes routes;
  private final HallSettings limits;
  private final ActorRef<SessionInput> keeper;
  private final Seat here;
  private ActorRef<Room.Command> rooms;
  private long sweepAt;
  private int rounds;

  Halls(Routes routes, int loop, HallSettings limits, ActorRef<SessionInput> keeper) {
    this.routes = routes;
    this.limits = limits;
    this.keeper = keeper;
    this.here = new Seat(keeper, loop);
  }

  /**
   * The rooms can be reached from now on. Called once, before anybody is given this object.
   *
   * @param rooms takes what is said to rooms and brings it to the one that is meant
   */
  public void open(ActorRef<Room.Command> rooms) {
    this.rooms = rooms;
  }

  /** Where what a room on this node says to seats on other nodes has to go; safe for any thread. */
  public void relay(Seat to, SessionInput what) {
    keeper.tell(new HallKeeper.Relay(to, what));
  }

  // ---- what sessions do

  /** A guest wants to be a member; it hears {@code joined} or {@code turned} in time. */
  public void join(String room, Guest guest, boolean echo, int history, long since, String id) {
    Hall hall = hall(room);
    if (hall == null) {
      guest.turned(room, Refusal.TOO_MANY);
      return;
    }
    Room.Join wish =
        new Room.Join(
            here, guest.identity(), guest.seat(), ++rounds, history, since, guest.isAway(), id);
    hall.admit(guest, echo, wish);
    if (hall.actor() != null) {
      tell(hall, wish);
    }
  }

  /**
   * A guest is a member no more.
   *
   * @return the last number of the room that it knows; 0 if it was none yet
   */
  public long leave(String room, Guest guest, Step step) {
    Hall hall = table.get(room);
    if (hall == null || !hall.has(guest)) {
      return 0;
    }
    long heard = hall.dismiss(guest);
    turn(hall, guest, step);
    return heard;
  }

  /** Something else becomes of a member. */
  public void turn(String room, Guest guest, Step step) {
    Hall hall = table.get(room);
    if (hall != null) {
      turn(hall, guest, step);
    }
  }

  private void turn(Hall hall, Guest guest, Step step) {
    if (hall.actor() != null) { // Else it is reported as it is when the room is found.
      tell(hall, new Room.Turn(guest.identity(), guest.seat(), step));
    }
  }

  /** Asks who is in a room; false if too much waits for that. */
  public boolean ask(String room, Guest guest, String id) {
    Hall hall = hall(room);
    if (hall == null) {
      return false;
    }
    Room.Ask ask = new Room.Ask(here, guest.seat(), id);
    if (!hall.keep(ask)) {
      return false;
    }
    if (hall.actor() != null) {
      tell(hall, ask);
    }
    return true;
  }

  /** Sends behind whatever this loop sent to that room before. Never blocks. */
  public void publish(String room, Mail.Delivery message) {
    Hall hall = hall(room);
    if (hall == null) {
      routes.outcomes.refuse(message, Drop.ROUTE_FULL, Refusal.TOO_MANY);
    } else if (hall.actor() == null) {
      routes.hold(hall.held, message);
    } else {
      send(hall, message);
    }
  }

  private void send(Hall hall, Mail.Delivery message) {
    int weight = message.weight();
    if (!hall.hasCredit(weight, limits.creditBytes())) {
      routes.outcomes.refuse(message, Drop.ROUTE_FULL, Refusal.TOO_FAST);
    } else if (!routes.with.crossings().take(weight)) {
      routes.outcomes.refuse(message, Drop.BUDGET, Refusal.DROPPED);
    } else {
      hall.sent(weight);
      tell(hall, new Room.Publish(here, message));
    }
  }

  /** Directly on this node; over a link, which cuts what is large, to another. */
  private void tell(Hall hall, Room.Command command) {
    ActorRef<Room.Command> actor = hall.actor();
    if (actor.path().address().hasLocalScope()) {
      actor.tell(command);
    } else {
      routes.tell(new Seat(actor.unsafeUpcast(), 0), command);
    }
  }

  /** The hall of a room, which is looked for if it is new; null if there are too many. */
  private Hall hall(String room) {
    Hall hall = table.get(room);
    if (hall == null) {
      if (table.size() >= limits.maxHalls()) {
        return null;
      }
      hall = new Hall(room);
      table.put(room, hall);
      seek(hall);
      keeper.tell(new HallKeeper.Wake());
    }
    hall.touched = true;
    return hall;
  }

  private void seek(Hall hall) {
    hall.ask(now() + routes.with.settings().askAgainAfter().toNanos());
    rooms.tell(new Room.Resolve(hall.room, keeper));
  }

  // ---- what rooms say

  /**
   * Takes what a room says.
   *
   * @param watch told of a room's actor whose end has to be known
   */
  void on(Room.Notice notice, Consumer<ActorRef<Room.Command>> watch) {
    Hall hall = table.get(notice.room());
    if (notice instanceof Room.Copy copy && copy.charged()) {
      routes.with.crossings().release(copy.weight());
    }
    if (hall == null) {
      return;
    }
    switch (notice) {
      case Room.Copy copy -> onCopy(hall, copy);
      case Room.Replayed replayed -> hall.replay(replayed);
      case Room.Taken taken -> {
        hall.taken(taken.bytes());
        routes.with.crossings().release(taken.bytes());
      }
      case Room.Found found -> onFound(hall, found.actor(), watch);
      case Room.Unavailable away -> giveUp(hall, away.refusal());
      case Room.Members members -> onMembers(hall, members);
      case Room.Joined joined -> hall.joined(joined);
      case Room.Turned turned -> onTurned(hall, turned);
      case Room.Changed changed -> hall.say(frame(changed));
      case Room.Closing closing -> hall.close();
    }
  }

  private void onCopy(Hall hall, Room.Copy copy) {
    hall.copy(copy);
    long bytes = hall.heard(copy.weight(), limits.creditBytes() / 4);
    if (bytes > 0 && hall.actor() != null) {
      tell(hall, new Room.Heard(here, bytes));
    }
  }

  private void onFound(
      Hall hall, ActorRef<Room.Command> actor, Consumer<ActorRef<Room.Command>> watch) {
    if (hall.actor() != null) {
      return;
    }
    watch.accept(actor);
    for (Room.Command first : hall.found(actor, here)) {
      tell(hall, first);
    }
    routes.take(hall.held, message -> send(hall, message), routes::expire);
  }

  private void giveUp(Hall hall, Refusal refusal) {
    if (hall.actor() != null) {
      return;
    }
    table.remove(hall.room);
    hall.dismissAll().forEach(guest -> guest.turned(hall.room, refusal));
    routes.take(
        hall.held,
        message -> routes.outcomes.refuse(message, Drop.UNRESOLVED, refusal),
        routes::expire);
  }

  private void onTurned(Hall hall, Room.Turned turned) {
    Guest guest = hall.guest(turned.session());
    if (guest != null) {
      hall.dismiss(guest);
      guest.turned(hall.room, turned.refusal());
    }
  }

  private void onMembers(Hall hall, Room.Members list) {
    if (!list.more()) {
      hall.answered(list);
    }
    String more = list.more() ? "more" : "";
    Frame.Presence frame =
        new Frame.Presence(hall.room, "", "members", more, list.members(), 0, list.id());
    Guest guest = hall.guest(list.session());
    if (guest != null) {
      guest.say(frame);
    } else {
      list.session().session().tell(new RoomAnswer(frame)); // It has asked from outside.
    }
  }

  private static Frame.Presence frame(Room.Changed changed) {
    List<Frame.Member> members = changed.members();
    boolean one = members.size() == 1;
    return new Frame.Presence(
        changed.room(),
        one ? members.getFirst().peer() : "",
        changed.event().onTheWire(),
        changed.reason(),
        one ? List.of() : members,
        one ? members.getFirst().since() : 0,
        "");
  }

  /** A room's actor has ended: who needs the room looks for the next one. */
  void ended(ActorRef<?> actor) {
    for (Hall hall : List.copyOf(table.values())) {
      if (actor.equals(hall.actor())) {
        routes.with.crossings().release(hall.lost());
        if (hall.isNeeded()) {
          seek(hall);
        } else {
          table.remove(hall.room);
        }
      }
    }
  }

  /**
   * Asks again where no answer came, and forgets what nobody uses.
   *
   * @param unwatch told of a room's actor whose end is of no interest any more
   * @return whether there is anything to look at
   */
  boolean tick(Consumer<ActorRef<Room.Command>> unwatch) {
    long now = now();
    for (Hall hall : List.copyOf(table.values())) {
      if (hall.answerIsLate(now)) {
        if (hall.askCount() < routes.with.settings().askCountMax()) {
          seek(hall);
        } else {
          giveUp(hall, Refusal.NO_MAJORITY);
        }
      }
    }
    if (now - sweepAt >= 0) {
      sweepAt = now + UNUSED.toNanos();
      table.values().removeIf(hall -> isUnused(hall, unwatch));
    }
    return !table.isEmpty();
  }

  private boolean isUnused(Hall hall, Consumer<ActorRef<Room.Command>> unwatch) {
    boolean used = hall.touched || hall.isNeeded() || hall.actor() == null;
    hall.touched = false;
    if (!used) {
      unwatch.accept(hall.actor());
      routes.with.crossings().release(hall.lost());
    }
    return !used;
  }

  /** Tells a seat on another node what a room of this node says. */
  void relay(HallKeeper.Relay relay) {
    SessionInput what = relay.what();
    if (what instanceof Room.Copy copy && copy.charged()) {
      routes.with.crossings().release(copy.weight());
      what = copy.uncharged();
    }
    routes.tell(relay.to(), what);
  }

  void crashed(RuntimeException bug) {
    routes.with.meters().count(Meter.CRASHES);
    LOG.error("A room's message ended in an exception", bug);
  }

  private long now() {
    return routes.with.nanos().getAsLong();
  }
}
