package io.peerhub.session;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.SharedMessage;

/**
 * The connection of a session's peer, as long as there is one: the one place where a session's
 * parts find it, so that they agree on whether the peer can hear them. What is said on a line that
 * is down is not said, and none comes up again: whoever comes back has a session of its own.
 *
 * <p>Belongs to its session and its loop's thread, but for {@link #isOpen()}.
 */
final class Line {
  private Outlet outlet;

  /** Speaks to this connection from now on. */
  void connect(Outlet connection) {
    outlet = connection;
  }

  /** Who is at the other end; only while the line is up. */
  Outlet.Remote remote() {
    return outlet.remote();
  }

  /** Whether there is a connection; it may be closing. */
  boolean isUp() {
    return outlet != null;
  }

  /** Whether the connection is there and nobody has begun to close it. For any thread. */
  boolean isOpen() {
    Outlet connection = outlet;
    return connection != null && connection.isOpen();
  }

  /** Whether the peer takes more: it is connected and has read most of what was said. */
  boolean isWritable() {
    return outlet != null && outlet.writable();
  }

  void say(Frame.FromHub frame) {
    if (outlet != null) {
      outlet.send(frame);
    }
  }

  /** Says one copy of what many get, under its number. */
  void say(SharedMessage message, long seq) {
    if (outlet != null) {
      outlet.send(message, seq);
    }
  }

  /** Reads no more of what the peer says. */
  void pause() {
    if (outlet != null) {
      outlet.pause();
    }
  }

  /** Reads again. */
  void resume() {
    if (outlet != null) {
      outlet.resume();
    }
  }

  /** The peer has said all that it has to before its welcome; see {@link Outlet#heardOut}. */
  void heardOut() {
    if (outlet != null) {
      outlet.heardOut();
    }
  }

  /** The peer is authenticated, and its frames may be as large as this, in bytes. */
  void admit(int maxFrame) {
    if (outlet != null) {
      outlet.admit(maxFrame);
    }
  }

  /** Closes the connection behind what was said, if that has not happened: the line is down. */
  void hangUp() {
    if (outlet != null) {
      Outlet closing = outlet;
      outlet = null; // First: what closes may tell of it.
      closing.close();
    }
  }
}
