package io.peerhub.room;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a room hears and says. Its actor is {@link RoomActor}; what it decides is decided by {@link
 * Assembly}.
 *
 * <p>A room is asked for once, through sharding; everything else is told to its actor directly, by
 * the <em>hall</em> of a loop: the one there that speaks for all members on that loop. What one
 * hall says arrives in order, and what the room says to one hall does.
 */
public final class Room {
  /** How many members one list names at most; more of them come in several. */
  public static final int PAGE = 1000;

  /** What a room hears. */
  public sealed interface Command extends SessionInput
      permits Request,
          Publish,
          Join,
          Turn,
          Report,
          Heard,
          Ask,
          Stop,
          RoomActor.Numbered,
          RoomActor.Tick {}

  /** What goes through sharding, with the name by which it finds the room. */
  public sealed interface Request extends Command {
    /** The name of the room, without {@code room:}. */
    String room();
  }

  /** Where is the room? Answered by {@link Found} or {@link Unavailable}. */
  public record Resolve(String room, ActorRef<SessionInput> replyTo) implements Request {}

  /** A message to everybody. */
  public record Publish(Seat hall, Mail.Delivery message) implements Command {
    @Override
    public int weight() {
      return message.weight();
    }
  }

  /**
   * A session wants its peer to be a member, or to stay one. Answered by {@link Members}, {@link
   * Joined}, then what it gets of the history; or by {@link Turned}.
   *
   * @param round comes back in the answer, so that one to an earlier wish is known
   * @param history so many of the last messages
   * @param since what came behind this number, in place of {@code history}; 0 for nothing
   * @param away whether its connection is cut at this moment
   */
  public record Join(
      Seat hall,
      Identity member,
      Seat session,
      int round,
      int history,
      long since,
      boolean away,
      String id)
      implements Command {}

  /** What becomes of a member; counts only if its session is the one that speaks for it. */
  public record Turn(Identity member, Seat session, Step step) implements Command {}

  /**
   * A hall whose room's actor has ended, to the next one.
   *
   * @param heard the last number that its members know
   */
  public record Report(Seat hall, List<Reported> members, long heard) implements Command {
    public Report {
      members = List.copyOf(members);
    }

    @Override
    public int weight() {
      return 128 + members.size() * 128;
    }
  }

  /** A member that was one before; {@code since} is 0 where that is not known. */
  public record Reported(Identity member, Seat session, long since, boolean away) {}

  /** A hall has given so many bytes of messages to its members. */
  public record Heard(Seat hall, long bytes) implements Command {}

  /** Who is there? Answered by {@link Members}. */
  public record Ask(Seat hall, Seat session, String id) implements Command {}

  /** Sharding asks the room to end: nobody needs it any more, or its shard moves. */
  public record Stop() implements Command {}

  /** What a room says to halls. */
  public sealed interface Notice extends SessionInput {
    /** Which room says it. */
    String room();
  }

  /** Here it is. */
  public record Found(String room, ActorRef<Command> actor) implements Notice {}

  /** It cannot be had now. */
  public record Unavailable(String room, Refusal refusal) implements Notice {}

  /**
   * Some of the members.
   *
   * @param more whether others follow
   * @param id of the question
   */
  public record Members(
      String room, Seat session, List<Frame.Member> members, boolean more, String id)
      implements Notice {
    public Members {
      members = List.copyOf(members);
    }

    @Override
    public int weight() {
      return 128 + members.size() * 96;
    }
  }

  /**
   * The member is in: {@link Replayed} follow, and every {@link Copy} from here on is its own.
   *
   * @param at the number up to which everything is history
   * @param whole whether the history holds all that it asked for
   */
  public record Joined(String room, Seat session, int round, long at, boolean whole)
      implements Notice {}

  /** The member is not in. */
  public record Turned(String room, Seat session, Refusal refusal) implements Notice {}

  /** A message of the history, for one member. */
  public record Replayed(String room, Seat session, Mail.Delivery message) implements Notice {
    @Override
    public int weight() {
      return message.weight();
    }
  }

  /**
   * A message for every member of a hall.
   *
   * @param missed how many there was no room for before it
   * @param charged whether its bytes are in the books of this node, to be taken out by who takes it
   */
  public record Copy(String room, Mail.Delivery message, long missed, boolean charged)
      implements Notice {
    /** The same for another node, whose books know nothing of it. */
    public Copy uncharged() {
      return new Copy(room, message, missed, false);
    }

    @Override
    public int weight() {
      return message.weight();
    }
  }

  /** Changes among the members, of one kind. */
  public record Changed(String room, RoomEvent event, String reason, List<Frame.Member> members)
      implements Notice {
    public Changed {
      members = List.copyOf(members);
    }

    @Override
    public int weight() {
      return 128 + members.size() * 96;
    }
  }

  /** To a hall: so many bytes of what it sent have been taken. */
  public record Taken(String room, long bytes) implements Notice {}

  /** The room's actor ends in good order: all that it has taken was told before this. */
  public record Closing(String room) implements Notice {}

  private Room() {}

  static Mail.Confirmed accepted(Mail.Delivery message) {
    return new Mail.Confirmed(message.id(), message.n(), Confirmation.ACCEPTED);
  }
}
