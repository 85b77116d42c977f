package io.peerhub.peer;

import io.peerhub.protocol.Identity;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Protocol first; the behavior follows in the next commit. */
public final class Roster {
  /** The name under the guardian by which the nodes find each other's rosters. */
  public static final String NAME = "roster";

  /** What a roster hears. */
  public sealed interface Command {}

  /** A session of this node was attached. */
  public record Enter(Entry entry) implements Command {}

  /** A session of this node is over, or has moved. */
  public record Exit(Identity identity, Seat seat) implements Command {}

  /** Does a session of this identity sit here? Answered by {@link Present}. */
  public record Call(Identity identity, ActorRef<Present> replyTo) implements Command {}

  /** Which identities of this name sit here? Answered by {@link Found}. */
  public record Find(String name, ActorRef<Found> replyTo) implements Command {}

  /** Some identities that sit here, in order. Answered by {@link Page}. */
  public record Browse(String after, int limit, ActorRef<Page> replyTo) implements Command {}

  /** Who sits where, under which epoch. */
  public record Entry(
      Identity identity, Seat seat, String sessionId, long epoch, long since, String about) {}

  /** Answers {@link Call}; {@code entry} is null if nobody sits here. */
  public record Present(Identity identity, String node, Entry entry) {}

  /** Answers {@link Find}. */
  public record Found(String name, String node, List<Identity> identities) {}

  /** Answers {@link Browse}. */
  public record Page(String node, int total, List<Entry> entries) {}

  private Roster() {}
}
