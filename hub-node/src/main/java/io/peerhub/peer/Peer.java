package io.peerhub.peer;

import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an identity hears and says. Its actor is {@link PeerActor}; who has it is decided by {@link
 * Seating}.
 *
 * <p>Whoever says {@link Attach} hears {@link Attached} or {@link Denied}, and says it again if
 * neither comes: an answer may be lost with a node, and a repeat has no other effect.
 */
public final class Peer {
  /** What a peer hears. A roster's answer comes as it is: an adapter costs each peer 250 bytes. */
  public sealed interface Command permits Request, Roster.Present, Stop, PeerActor.Private {}

  /** What anybody may ask of a peer, with the identity by which sharding finds it. */
  public sealed interface Request extends Command {
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
      implements Request {}

  /**
   * A session that saw its peer's actor end reports itself. Answered by {@link Reattached}, or by
   * {@link Yield} if a newer one has come.
   */
  public record Reattach(Identity identity, Seat seat, String sessionId, long epoch)
      implements Request {}

  /** The session's connection is cut; it waits for a resume. */
  public record Away(Identity identity, Seat seat) implements Request {}

  /** The session is over. */
  public record Leave(Identity identity, Seat seat) implements Request {}

  /**
   * The session is over, and what it has sent last may still be on its way: whoever comes next
   * waits for {@link Departed}, or for so long as the settings say.
   */
  public record Depart(Identity identity, Seat seat) implements Request {}

  /** What that session has sent has arrived. */
  public record Departed(Identity identity, Seat seat) implements Request {}

  /** Where is the peer attached? Answered by {@link Resolved}. */
  public record Resolve(Identity identity, ActorRef<Resolved> replyTo) implements Request {}

  /** Is the peer there, and since when? Answered by {@link Whereabouts}. */
  public record Ask(Identity identity, ActorRef<SessionInput> replyTo, String id)
      implements Request {}

  /** Mail waits in the peer's mailbox: its session is told, if there is one. */
  public record Knock(Identity identity) implements Request {}

  /** Sharding asks the peer to end: nobody is attached any more, or its shard moves. */
  public record Stop() implements Command {}

  /** Where a peer is attached. {@code seat} is null if it is offline, {@code epoch} then 0. */
  public record Resolved(Identity identity, Seat seat, long epoch) {}

  /** What a peer says to sessions. */
  public sealed interface Notice extends SessionInput {}

  /**
   * You are the one, under this epoch. If {@code previous} is not null, it hands its state over:
   * wait for that before {@code welcome}.
   *
   * @param peer the actor that says so: when it ends, {@link Reattach}
   * @param resumes whether {@code previous} is the session that was asked for
   */
  public record Attached(long epoch, ActorRef<Command> peer, Seat previous, boolean resumes)
      implements Notice {}

  /** You are still the one; this is the actor that says so now. */
  public record Reattached(ActorRef<Command> peer) implements Notice {}

  /** You are not. */
  public record Denied(Refusal refusal, int retryAfterMs) implements Notice {}

  /** A newer session has come: hand over to it, and forward what still reaches you. */
  public record Yield(Seat to, long epoch, boolean resumes) implements Notice {}

  /**
   * Answers {@link Ask}.
   *
   * @param since wall clock, ms since 1970; 0 where not known
   */
  public record Whereabouts(Identity identity, Presence presence, long since, String id)
      implements Notice {}

  private Peer() {}
}
