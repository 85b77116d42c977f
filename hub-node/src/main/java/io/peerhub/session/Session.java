package io.peerhub.session;

import io.peerhub.identity.Handshake;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;

/**
 * One peer's conversation ("Phases" shape; on the event loop of its connection): what it hears from
 * its connection, its loop and itself. Its phases are in the classes that are named for them.
 *
 * <pre>
 *   Opening -> Attaching -> Living -> HandingOver -> Moved
 *                             +-----> Leaving
 * </pre>
 *
 * <p>It guarantees order within every flow, and that whatever it holds is handed over or accounted
 * for when it ends. It does not outlive its node: what has to is journaled elsewhere.
 */
public final class Session {
  /** What a session hears from its connection, its loop and itself. */
  public sealed interface Command extends SessionInput {}

  /** The whole frames of one read, in order. */
  public record Received(List<Frame.FromPeer> frames) implements Command {}

  /** Behind the frames before it came one that is none; after 1002 nothing can be read any more. */
  public record Malformed(BadFrame cause) implements Command {}

  /** The connection has room again. */
  public record Writable() implements Command {}

  /** The connection is closed. */
  public record Closed(String why) implements Command {}

  /** The node drains: say where to go, and end. */
  public record Drain(Duration reconnectIn) implements Command {}

  /** The proof was held against the keys, or they could not be read. */
  record Judged(Handshake.Verdict verdict) implements Command {}

  /** A timer of this session has run out, in whatever phase it is. */
  record Tick() implements Command {}

  /** A fault came to light outside of its turn: it ends by it, as by one in its turn. */
  record Broken(RuntimeException bug) implements Command {}

  /** All that this session has sent is in the mailboxes of its receivers. */
  record Settled() implements Command {}

  /** Nobody seems to need this session: it looks itself, in whatever phase it is, and ends. */
  record Unneeded() implements Command {}

  /** Tell the peer's new actor again that this session is there. */
  record ReportAgain() implements Command {}

  /** What was agreed at the opening. */
  record Standing(Terms terms, Seat seat, String sessionId, long epoch, Laggard older) {}

  /** A session for a connection that has sent its first frame. */
  static Behavior<SessionInput> create(Outlet outlet, Surroundings with) {
    return Scene.setUp(outlet, with, scene -> new Opening(scene).awaitingHello());
  }

  private Session() {}
}
