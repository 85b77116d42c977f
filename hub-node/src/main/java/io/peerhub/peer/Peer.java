package io.peerhub.peer;

import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import org.apache.pekko.actor.typed.ActorRef;

/** Protocol first; the behavior follows in the next commit. */
public final class Peer {
  /** What a peer hears. Requests carry the identity by which sharding finds the peer. */
  public sealed interface Command {
    /** The identity of the peer that is spoken to. */
    Identity identity();
  }

  /**
   * A session was authenticated and asks to be the one. Answered by {@link Attached} or {@link
   * Denied}. Asked again (no answer came) it is answered again.
   *
   * @param sessionId the id of the new session
   * @param resume the id of the session that it wants to go on with; empty if none
   */
  public record Attach(Identity identity, Seat seat, String sessionId, String resume)
      implements Command {}

  /**
   * A session that saw its peer's actor end reports itself. Answered by {@link Reattached}, or by
   * {@link Yield} if a newer one has come.
   */
  public record Reattach(Identity identity, Seat seat, String sessionId, long epoch)
      implements Command {}

  /** The session's connection is cut; it waits for a resume. */
  public record Away(Identity identity, Seat seat) implements Command {}

  /** The session is over. */
  public record Leave(Identity identity, Seat seat) implements Command {}

  /** Where is the peer attached? Answered by {@link Resolved}. */
  public record Resolve(Identity identity, ActorRef<Resolved> replyTo) implements Command {}

  /** Is the peer there, and since when? Answered by {@link Standing}. */
  public record Ask(Identity identity, ActorRef<SessionInput> replyTo, String id)
      implements Command {}

  /** Where a peer is attached. {@code seat} is null if it is offline, {@code epoch} then 0. */
  public record Resolved(Identity identity, Seat seat, long epoch) {}

  /** What a peer says to sessions. */
  public sealed interface Notice extends SessionInput {}

  /**
   * You are the one, under this epoch. If {@code previous} is not null, it hands its state over:
   * wait for that before {@code welcome}.
   *
   * @param peer the actor that says so: when it ends, {@link Reattach}
   */
  public record Attached(long epoch, ActorRef<Command> peer, Seat previous, boolean resumes)
      implements Notice {}

  /** You are still the one; this is the actor that says so now. */
  public record Reattached(ActorRef<Command> peer) implements Notice {}

  /** You are not. */
  public record Denied(Refusal refusal, int retryAfterMs) implements Notice {}

  /** A newer session has come: hand over to it, and forward what still reaches you. */
  public record Yield(Seat to, long epoch, boolean resumes) implements Notice {}

  /** Whether a peer is there. */
  public enum Presence {
    ONLINE,
    AWAY,
    OFFLINE
  }

  /**
   * Answers {@link Ask}.
   *
   * @param since wall clock, ms since 1970; 0 where not known
   */
  public record Standing(Identity identity, Presence presence, long since, String id)
      implements Notice {}

  private Peer() {}
}
