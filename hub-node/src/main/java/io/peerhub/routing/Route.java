package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Identity;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One receiver as one loop sees it. Mail goes through while the route is open; it waits while the
 * seat is not known, and while a fence has yet to show that the path to the last seat is empty.
 *
 * <pre>
 *            Resolved               Moved
 *   seeking -----------> open ----------------> fenced (waits for Fenced)
 *      ^                  |  ^                    |
 *      |     session ended|  +--------------------+
 *      +--- drained <-----+ (a fence returns what the dead session had not taken)
 * </pre>
 */
final class Route {
  /** No fence is out, or no question is out. */
  static final long NONE = 0;

  final Identity identity;
  final HeldMail held;

  /** Set by each send: a route that is used gets a second chance when the table is full. */
  boolean touched;

  /** Where the receiver sits; null while that is not known. */
  private Seat seat;

  private long epoch;

  /** The session to tell, and the way; both null unless open. */
  private ActorRef<SessionInput> session;

  private Lane lane;

  /** The session that ended; an answer that still names it is out of date. */
  private ActorRef<SessionInput> dead;

  private long fence;
  private Seat fenced;
  private long fenceDeadline;
  private boolean asking;
  private int askCount;
  private long askAgainAt;
  private boolean absent;

  Route(Identity identity, HeldMail held) {
    this.identity = identity;
    this.held = held;
  }

  /** Sends on an open route; false if it is not open. */
  boolean carry(Mail.Delivery delivery) {
    if (lane == null) {
      return false;
    }
    touched = true;
    lane.carry(session, delivery);
    return true;
  }

  boolean isOpen() {
    return lane != null;
  }

  /** Whether nothing but opening is left to do. */
  boolean isReady() {
    return seat != null && fence == NONE;
  }

  void open(Lane way) {
    session = seat.session();
    lane = way;
  }

  Seat seat() {
    return seat;
  }

  boolean leadsTo(ActorRef<SessionInput> session) {
    return seat != null && seat.session().equals(session);
  }

  long epoch() {
    return epoch;
  }

  /** The receiver sits here; the route is closed until it is opened. */
  void sit(Seat seat, long epoch) {
    this.seat = seat;
    this.epoch = epoch;
    asking = false;
    askCount = 0;
    absent = false;
    close();
  }

  /** The session has ended: where the receiver sits is not known any more. */
  Seat vacate() {
    Seat last = seat;
    dead = last.session();
    seat = null;
    close();
    return last;
  }

  /** From now on mail waits: the session that it leads to has moved. */
  void close() {
    session = null;
    lane = null;
  }

  boolean isDead(ActorRef<SessionInput> session) {
    return session.equals(dead);
  }

  /** A fence is on its way to a seat. */
  void fence(long token, Seat seat, long deadline) {
    fence = token;
    fenced = seat;
    fenceDeadline = deadline;
  }

  void unfence() {
    fence = NONE;
    fenced = null;
  }

  long fence() {
    return fence;
  }

  /** The seat that the fence was sent to; null if none is out. */
  Seat fenced() {
    return fenced;
  }

  boolean fenceIsLate(long now) {
    return fence != NONE && now - fenceDeadline >= 0;
  }

  /** The peer is asked where it sits. */
  void ask(long againAt) {
    asking = true;
    absent = false;
    askCount++;
    askAgainAt = againAt;
  }

  boolean isAsking() {
    return asking;
  }

  int askCount() {
    return askCount;
  }

  boolean answerIsLate(long now) {
    return asking && now - askAgainAt >= 0;
  }

  /** The answer: it sits nowhere. */
  void beAbsent() {
    asking = false;
    absent = true;
  }

  boolean isAbsent() {
    return absent;
  }
}
