package io.peerhub.session;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.SharedMessage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a session sees of its connection. Called on the connection's event loop only, which is where
 * the session's actor runs.
 */
public interface Outlet {
  /** Who is at the other end. */
  Remote remote();

  /**
   * The session has been made: from now on the connection tells it {@link Session.Received}, {@link
   * Session.Malformed}, {@link Session.Writable}, and once, at last, {@link Session.Closed}.
   */
  void opened(ActorRef<Session.Command> session);

  /** Encodes the frame behind those before it; all of a turn are flushed together at its end. */
  void send(Frame.FromHub frame);

  /** Whether the connection is there and nobody has begun to close it. For any thread. */
  boolean isOpen();

  /** Encodes one copy of what many get, under its number, behind the frames before it. */
  void send(SharedMessage message, long seq);

  /** Whether less than the limit waits to be read by the peer. */
  boolean writable();

  /** Stops reading from the socket, so that the peer's TCP window closes. */
  void pause();

  /** Reads again. */
  void resume();

  /**
   * The peer has said all that it has to before its welcome: what is waited for now is the hub's to
   * do, and within the session's own deadlines. That of the handshake is off, all other limits of a
   * peer that is not admitted hold.
   */
  void heardOut();

  /** The peer is authenticated: the deadline is off, frames may be as large as this, in bytes. */
  void admit(int maxFrame);

  /** Closes after what was sent has been flushed, or after a short time if it cannot be. */
  void close();

  /**
   * The other end of a connection.
   *
   * @param connection a name of the connection for logs and lists, unique on the node
   * @param address the peer's address and port
   * @param wire {@code json}, {@code binary}, {@code websocket-json}, {@code websocket-binary}
   * @param encrypted whether TLS is between
   * @param loopback whether the peer is on this machine
   */
  record Remote(
      String connection, String address, String wire, boolean encrypted, boolean loopback) {
    /** The address without its port. */
    public String host() {
      return address.substring(0, address.lastIndexOf(':'));
    }
  }
}
