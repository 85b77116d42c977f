package io.peerhub.connection;

import io.peerhub.session.Session;
import io.peerhub.session.Sessions;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.InternalActorRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * The session at the other side of a connection. It is asked for when there is something to tell
 * it; that waits, in order, until the keeper of the loop's sessions has answered.
 */
final class Counterpart {
  private final Connection connection;
  private final Loop loop;

  /** Null until the keeper has answered. */
  private ActorRef<Session.Command> session;

  /** What waits for it; null unless it was asked for and has not come. */
  private List<Session.Command> held;

  Counterpart(Connection connection, Loop loop) {
    this.connection = connection;
    this.loop = loop;
  }

  /** Whether anything was told yet, so that the session is there or on its way. */
  boolean isNeeded() {
    return session != null || held != null;
  }

  void tell(Session.Command input) {
    if (session != null) {
      session.tell(input);
      return;
    }
    if (held == null) {
      held = new ArrayList<>(1);
      loop.sessions.tell(new Sessions.Open(connection));
    }
    held.add(input);
  }

  /** Tells a session that is there; else nobody has to know. */
  void tellIfOpen(Session.Command input) {
    if (session != null) {
      session.tell(input);
    }
  }

  /** Whether there is a session that lives. For any thread; a moment behind there. */
  @SuppressWarnings("deprecation") // to watch every session would cost each a message and a map
  boolean isAlive() {
    ActorRef<Session.Command> known = session;
    return known == null
        ? held != null
        : !((InternalActorRef) Adapter.toClassic(known)).isTerminated();
  }

  /** The keeper has answered. */
  void opened(ActorRef<Session.Command> opened) {
    session = opened;
    held.forEach(session::tell);
    held = null;
  }
}
