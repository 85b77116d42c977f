package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Who sits on this node: one table, one actor a node ("Table" shape).
 *
 * <p>It makes three promises. A session is on the roster before its peer's next incarnation can
 * ask, so that nobody who is there is called offline. An entry is removed only for the session that
 * made it, so that a late goodbye never removes a successor. And whoever moves stays on the old
 * roster until the new one has it for certain, since the rosters are asked at different moments:
 * for {@link Find} alone, which takes each identity once, so that nobody is listed or counted twice
 * and no peer takes a session for the one that has given itself up. It does not decide who is the
 * one: that is the peer's.
 */
public final class Roster {
  /** The name under the guardian by which the nodes find each other's rosters. */
  public static final String NAME = "roster";

  /** The most entries of one answer to {@link Browse}. */
  public static final int PAGE_MAX = 1000;

  /** What a roster hears. */
  public sealed interface Command {}

  /** A session of this node was attached, or tells something new about itself. */
  public record Enter(Entry entry) implements Command {}

  /** A session of this node hands over to another one, which enters wherever it sits. */
  public record Moving(Identity identity, Seat seat) implements Command {}

  /** A session of this node is over, or has moved and its successor has entered. */
  public record Exit(Identity identity, Seat seat) implements Command {}

  /** These are shut out: sessions of theirs that sit here are told {@link Expelled}. */
  public record Expel(List<Identity> identities) implements Command {
    public Expel {
      identities = List.copyOf(identities);
    }
  }

  /** Does a session of this identity sit here? Answered by {@link Present}. */
  public record Call(Identity identity, ActorRef<Present> replyTo) implements Command {}

  /** Which identities of this name sit here? Answered by {@link Found}. */
  public record Find(String name, ActorRef<Found> replyTo) implements Command {}

  /** Some identities that sit here, in order. Answered by {@link Page}. */
  public record Browse(String after, int limit, ActorRef<Page> replyTo) implements Command {}

  /**
   * Who sits where, under which epoch.
   *
   * @param since wall clock of the attach, ms since 1970
   * @param about the wire and the client's own words, for lists only
   */
  public record Entry(
      Identity identity, Seat seat, String sessionId, long epoch, long since, String about) {}

  /** Your peer is shut out: say so to it, and end. */
  public record Expelled() implements SessionInput {}

  /** Answers {@link Call}; {@code entry} is null if nobody sits here. */
  public record Present(Identity identity, String node, Entry entry) implements Peer.Command {}

  /** Answers {@link Find}. */
  public record Found(String name, String node, List<Identity> identities) {
    public Found {
      identities = List.copyOf(identities);
    }
  }

  /** Answers {@link Browse}. */
  public record Page(String node, int total, List<Entry> entries) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  private final ActorContext<Command> context;
  private final String node;
  // Sorted, so that the devices of a name stand together and pages need no copy of everything.
  private final TreeMap<String, Entry> entries = new TreeMap<>();

  /** Those that hand over. */
  private final TreeMap<String, Entry> moving = new TreeMap<>();

  private Roster(ActorContext<Command> context, String node) {
    this.context = context;
    this.node = node;
  }

  /** A roster that answers in the name of this node. */
  public static Behavior<Command> create(String node) {
    return Behaviors.setup(
        context -> {
          Roster roster = new Roster(context, node);
          return Behaviors.receive(
              (ignored, command) -> roster.onCommand(command),
              (ignored, signal) ->
                  signal instanceof Terminated gone
                      ? roster.onTerminated(gone)
                      : Behaviors.unhandled());
        });
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Enter enter -> onEnter(enter.entry());
      case Moving moves -> onMoving(moves);
      case Exit exit -> onExit(exit);
      case Expel expel -> onExpel(expel);
      case Call call -> onCall(call);
      case Find find -> onFind(find);
      case Browse browse -> onBrowse(browse);
    };
  }

  private Behavior<Command> onEnter(Entry entry) {
    Entry older = entries.get(entry.identity().text());
    if (older != null && older.epoch() > entry.epoch()) {
      return Behaviors.same();
    }
    if (older == null || !older.seat().equals(entry.seat())) {
      context.watch(entry.seat().session());
    }
    entries.put(entry.identity().text(), entry);
    return Behaviors.same();
  }

  private Behavior<Command> onMoving(Moving moves) {
    Entry entry = remove(entries, moves.identity(), moves.seat());
    if (entry != null) {
      moving.put(entry.identity().text(), entry);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onExit(Exit exit) {
    context.unwatch(exit.seat().session());
    remove(entries, exit.identity(), exit.seat());
    remove(moving, exit.identity(), exit.seat());
    return Behaviors.same();
  }

  private Behavior<Command> onTerminated(Terminated gone) {
    // Only crashed sessions come here, the others said Exit: a walk through the table is cheap
    // enough for those, and spares every idle peer an entry in a second map.
    entries.values().removeIf(entry -> entry.seat().session().equals(gone.getRef()));
    moving.values().removeIf(entry -> entry.seat().session().equals(gone.getRef()));
    return Behaviors.same();
  }

  /** Takes out the entry of this very session; null if there is none. */
  private static Entry remove(TreeMap<String, Entry> from, Identity identity, Seat seat) {
    Entry entry = from.get(identity.text());
    if (entry == null || !entry.seat().session().equals(seat.session())) {
      return null;
    }
    return from.remove(identity.text());
  }

  private Behavior<Command> onExpel(Expel expel) {
    for (Identity identity : expel.identities()) {
      Entry entry = entries.get(identity.text());
      if (entry != null) {
        entry.seat().session().tell(new Expelled());
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onCall(Call call) {
    call.replyTo().tell(new Present(call.identity(), node, entries.get(call.identity().text())));
    return Behaviors.same();
  }

  private Behavior<Command> onFind(Find find) {
    Set<Identity> found = new TreeSet<>();
    collect(entries, find.name(), found);
    collect(moving, find.name(), found);
    find.replyTo().tell(new Found(find.name(), node, List.copyOf(found)));
    return Behaviors.same();
  }

  private static void collect(TreeMap<String, Entry> from, String name, Set<Identity> found) {
    Entry bare = from.get(name);
    if (bare != null) {
      found.add(bare.identity());
    }
    // '0' is the character after '/': the range holds exactly the devices of the name.
    for (Entry entry : from.subMap(name + "/", name + "0").values()) {
      found.add(entry.identity());
    }
  }

  private Behavior<Command> onBrowse(Browse browse) {
    List<Entry> page = new ArrayList<>();
    int limit = Math.min(browse.limit(), PAGE_MAX);
    for (Entry entry : entries.tailMap(browse.after(), false).values()) {
      if (page.size() >= limit) {
        break;
      }
      page.add(entry);
    }
    browse.replyTo().tell(new Page(node, entries.size(), page));
    return Behaviors.same();
  }
}
