package io.peerhub.session;

import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import java.util.List;

/** Protocol first; the behavior follows in the next commit. */
public final class Session {
  /** What a session hears from its connection and from other sessions of the same identity. */
  public sealed interface Command extends SessionInput {}

  /** The whole frames of one read, in order. */
  public record Received(List<Frame.FromPeer> frames) implements Command {}

  /** Behind the frames before it came one that is none; after 1002 nothing can be read any more. */
  public record Malformed(BadFrame cause) implements Command {}

  /** The connection has room again. */
  public record Writable() implements Command {}

  /** The connection is closed. */
  public record Closed(String why) implements Command {}

  private Session() {}
}
