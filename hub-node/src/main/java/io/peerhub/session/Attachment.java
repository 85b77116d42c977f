package io.peerhub.session;

import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Identity;
import java.time.Duration;

/**
 * What ties a session to its peer: the peer's actor is told where the session stands, and when that
 * actor ends its successor is told that the session is there, again and again until it answers. The
 * roster of the node is kept true with it.
 */
final class Attachment {
  /** How long a report to a peer's new actor waits for its answer. */
  private static final Duration REPORT_AGAIN = Duration.ofSeconds(1);

  private final Scene scene;
  private final Session.Standing standing;

  Attachment(Scene scene, Session.Standing standing) {
    this.scene = scene;
    this.standing = standing;
  }

  /** The peer's actor has ended, or has not answered yet: its successor is to know this session. */
  void report() {
    tell(new Peer.Reattach(identity(), standing.seat(), standing.sessionId(), standing.epoch()));
    scene
        .timers()
        .startSingleTimer(new Session.ReportAgain(), new Session.ReportAgain(), REPORT_AGAIN);
  }

  /** The peer's new actor knows this session. */
  void confirmed(Peer.Reattached reattached) {
    scene.timers().cancel(new Session.ReportAgain());
    scene.context().watch(reattached.peer());
  }

  /** The connection is cut. */
  void away() {
    tell(new Peer.Away(identity(), standing.seat()));
  }

  /** A successor is the one from now on, but may have yet to enter: see {@link Moved}. */
  void handOver() {
    scene.with().roster().tell(new Roster.Moving(identity(), standing.seat()));
  }

  /** The session is over. */
  void leave() {
    tell(new Peer.Leave(identity(), standing.seat()));
    exit();
  }

  /** The session is over, but for what it has sent. */
  void depart() {
    tell(new Peer.Depart(identity(), standing.seat()));
    exit();
  }

  private void tell(Peer.Request request) {
    scene.with().peers().tell(request);
  }

  private void exit() {
    scene.with().roster().tell(new Roster.Exit(identity(), standing.seat()));
  }

  private Identity identity() {
    return standing.terms().identity();
  }
}
