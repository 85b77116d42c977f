package io.peerhub.session;

import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phases of a session whose peer is known, up to its {@code welcome}.
 *
 * <pre>
 *   (Opening) -> attaching -> taking -> (Living) live, or detached
 *                    |          |
 *                    +-> forsaken (the connection is lost: waits for the answer, asks no more)
 * </pre>
 *
 * <p>The peer's actor says who is the one, and names the older session, whose hand-over is waited
 * for. A connection that is lost meanwhile does not end the session any more: by then the peer may
 * have made it the one, and what an older session hands over must not be lost. But it does not ask
 * again: by now the peer may be back on another connection, which this session must not take over.
 */
final class Attaching {
  /** How often the peer is asked before the connection is turned away. */
  private static final int ATTACH_TRIES = 5;

  private static final int SESSION_ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Scene scene;
  private final Surroundings with;
  private final Line line;
  private final String wire;
  private final Seat seat;
  private final Terms terms;
  private final Proof proof;
  private final String newSessionId = newId();
  private final Arrivals arrivals;
  private final Runnable abandon;
  private final Taking taking = new Taking();
  private Peer.Attached attached;
  private int tries;

  // What is the session's business once it has begun, in the order in which it came.
  private final List<SessionInput> deferred = new ArrayList<>(0);

  /**
   * What the peer's proof has brought to light.
   *
   * @param hubMac the hub's own, for the welcome
   * @param labels of the peer's device, which rules may speak of
   */
  record Proof(String hubMac, Map<String, String> labels) {}

  Attaching(Scene scene, Terms terms, Proof proof, Arrivals arrivals) {
    this.scene = scene;
    this.with = scene.with();
    this.line = scene.line();
    this.wire = line.remote().wire();
    this.seat = new Seat(scene.self(), with.loop());
    this.terms = terms;
    this.proof = proof;
    this.arrivals = arrivals;
    this.abandon = this::abandon;
    scene.atEnd(abandon);
    scene.belongsTo(terms.identity());
  }

  // ---- attaching

  /** Asks the peer to make this session the one. */
  Behavior<SessionInput> attach() {
    tries++;
    String resume = terms.resume().map(Frame.Resume::session).orElse("");
    with.peers().tell(new Peer.Attach(terms.identity(), seat, newSessionId, resume));
    tickIn(with.settings().attachTimeout());
    return scene.phase(this::whileAttaching, this::onSignal);
  }

  /** Waits for the peer to say that this session is the one. */
  private Behavior<SessionInput> whileAttaching(SessionInput input) {
    return switch (input) {
      case Peer.Attached answer -> onAttached(answer);
      case Peer.Denied denied -> turnAway(denied.refusal(), denied.retryAfterMs());
      case Session.Tick tick -> tries < ATTACH_TRIES ? attach() : giveUp();
      case SessionInput other -> {
        meanwhile(other);
        yield line.isUp() ? Behaviors.same() : forsaken();
      }
    };
  }

  /** Nobody answers for the peer: its shard may be on its way to another node. */
  private Behavior<SessionInput> giveUp() {
    with.peers().tell(new Peer.Leave(terms.identity(), seat));
    return turnAway(Refusal.NO_MAJORITY, (int) with.settings().attachTimeout().toMillis());
  }

  // ---- forsaken

  private Behavior<SessionInput> forsaken() {
    return scene.phase(this::whileForsaken, this::onSignal);
  }

  /** Waits as long as it would have asked, since what it has asked may still be answered. */
  private Behavior<SessionInput> whileForsaken(SessionInput input) {
    return switch (input) {
      case Peer.Attached answer -> onAttached(answer);
      case Peer.Denied denied -> turnAway(denied.refusal(), denied.retryAfterMs());
      case Session.Tick tick -> tries < ATTACH_TRIES ? waitOn() : giveUp();
      case SessionInput other -> meanwhile(other);
    };
  }

  private Behavior<SessionInput> waitOn() {
    tries++;
    tickIn(with.settings().attachTimeout());
    return Behaviors.same();
  }

  private Behavior<SessionInput> onAttached(Peer.Attached answer) {
    attached = answer;
    scene.context().watch(attached.peer());
    enroll(attached.resumes() ? terms.resume().orElseThrow().session() : newSessionId);
    // Whoever is shut out from now on is found on the roster; who was before was not yet there.
    if (with.identities().isShutOut(terms.identity())) {
      expel();
    }
    if (attached.previous() == null || taking.ended()) {
      return welcome();
    }
    scene.context().watch(attached.previous().session());
    tickIn(with.settings().handOverTimeout());
    return scene.phase(this::whileTaking, this::onSignalWhileTaking);
  }

  // ---- taking

  /** Waits for the last piece of what the older session hands over; mail waits behind it. */
  private Behavior<SessionInput> whileTaking(SessionInput input) {
    return switch (input) {
      case HandOver piece -> {
        tickIn(with.settings().handOverTimeout());
        take(piece);
        yield taking.ended() ? taken() : Behaviors.same();
      }
      case Session.Tick tick -> taken();
      case SessionInput other -> meanwhile(other);
    };
  }

  private Behavior<SessionInput> onSignalWhileTaking(Signal signal) {
    if (signal instanceof Terminated gone && gone.getRef().equals(attached.previous().session())) {
      return taken();
    }
    return onSignal(signal);
  }

  private Behavior<SessionInput> taken() {
    scene.context().unwatch(attached.previous().session());
    return welcome();
  }

  /** What may come while the peer or an older session is waited for. */
  private Behavior<SessionInput> meanwhile(SessionInput input) {
    switch (input) {
      // Whatever is told from now on comes behind what is kept here.
      case Mail.Fence fence -> fence.replyTo().tell(new Mail.Fenced(fence.token()));
      case Mail letter -> arrivals.keep(letter);
      // From another node it may come before the peer's answer does.
      case HandOver piece -> take(piece);
      case Session.Received received -> keep(received.frames());
      case Session.Closed closed -> line.hangUp();
      case Session.Malformed malformed -> breakOff(malformed.cause().refusal(), Scene.NOT_KNOWN);
      case Session.Drain drain -> breakOff(Refusal.DRAINING, (int) drain.reconnectIn().toMillis());
      case Peer.Yield yielded -> defer(yielded);
      case Roster.Expelled shutOut -> expel();
      case SessionInput other -> {}
    }
    return Behaviors.same();
  }

  /** A message that waited counts in the node's books from now on, like those of the live. */
  private void take(HandOver piece) {
    if (piece instanceof HandOver.Waiting waiting && !with.backlogs().take(waiting.weight())) {
      taking.refuse();
      arrivals.drop(waiting.delivery(), Drop.BUDGET);
    } else {
      taking.add(piece);
    }
  }

  private void expel() {
    defer(new Roster.Expelled());
    breakOff(Refusal.DISABLED, Scene.NOT_KNOWN);
  }

  /** The peer's answer has yet to come: until then the connection is over, the session is not. */
  private void breakOff(Refusal refusal, int retryAfterMs) {
    if (line.isUp()) {
      scene.turnAway(refusal, retryAfterMs);
      line.hangUp();
    }
  }

  /** Whatever is said twice is done once. */
  private void defer(SessionInput input) {
    if (!deferred.contains(input)) {
      deferred.add(input);
    }
  }

  private void keep(List<Frame.FromPeer> frames) {
    arrivals.keep(frames);
    if (arrivals.tooManyFrames()) {
      line.pause();
    }
  }

  /** It ends before its welcome, and with it what it has been given. */
  private void abandon() {
    taking.messages().forEach(arrivals::end);
    taking.waiting().forEach(waiting -> with.backlogs().release(waiting.weight()));
    arrivals.close();
  }

  // ---- welcome

  private Behavior<SessionInput> welcome() {
    scene.alarm().cancel();
    Inheritance inheritance = new Inheritance(terms, attached, taking, with.meters());
    boolean resumed = inheritance.resumed();
    String sessionId = resumed ? terms.resume().orElseThrow().session() : newSessionId;
    Laggard older =
        attached.previous() == null && terms.resume().isEmpty()
            ? Laggard.NONE
            : new Laggard(terms.resume().orElse(null), taking.state());
    Session.Standing standing =
        new Session.Standing(terms, seat, sessionId, attached.epoch(), older);
    Letters letters =
        new Letters(
            with, terms.identity(), sessionId, attached.epoch(), terms.window(), scene.self());
    Conversation conversation =
        new Conversation(with, line, terms.clientAcks(), terms.window(), letters);
    scene.atEnd(conversation::close);
    Sending sending =
        new Sending(
            with,
            line,
            terms.identity(),
            proof.labels(),
            seat,
            attached.epoch(),
            terms.risingIds());
    scene.atEnd(sending.postings()::close);
    Attendance attendance =
        new Attendance(with, line, terms.identity(), seat, conversation, sending.rights());
    scene.atEnd(attendance::lose);
    enroll(sessionId);
    inheritance.restore(conversation, sending);
    if (line.isUp()) {
      line.admit(with.settings().maxFrame());
      line.say(welcomeFrame(sessionId, resumed, sending.received()));
    }
    inheritance.follow(conversation, with.backlogs(), line.isUp());
    attendance.resume(inheritance.stays());
    sending.postings().takeOver(inheritance.unposted());
    return enter(new Living(scene, standing, conversation, sending, attendance));
  }

  private Behavior<SessionInput> enter(Living living) {
    deferred.forEach(scene.self()::tell);
    List<Mail> mail = arrivals.takeMail();
    scene.forget(abandon);
    return line.isUp() ? living.begin(mail, arrivals.frames()) : living.beginDetached(mail);
  }

  private Frame.Welcome welcomeFrame(String sessionId, boolean resumed, long received) {
    SessionSettings settings = with.settings();
    return new Frame.Welcome(
        sessionId,
        attached.epoch(),
        resumed,
        received,
        (int) terms.heartbeat().toMillis(),
        (int) settings.resumeWindow().toMillis(),
        settings.maxFrame(),
        terms.window(),
        with.node(),
        with.otherNodes().get(),
        proof.hubMac(),
        "");
  }

  private void enroll(String sessionId) {
    with.roster()
        .tell(
            new Roster.Enter(
                new Roster.Entry(
                    terms.identity(),
                    seat,
                    sessionId,
                    attached.epoch(),
                    with.clock().millis(),
                    wire)));
  }

  private Behavior<SessionInput> turnAway(Refusal refusal, int retryAfterMs) {
    if (line.isUp()) { // Else it has been told and counted, or it left.
      scene.turnAway(refusal, retryAfterMs);
    }
    return Behaviors.stopped();
  }

  private Behavior<SessionInput> onSignal(Signal signal) {
    if (signal instanceof Terminated) {
      // The peer's actor ended between its answer and the welcome: its successor has to know us.
      defer(new Session.ReportAgain());
    }
    return Behaviors.same();
  }

  private void tickIn(Duration delay) {
    scene.alarm().in(delay);
  }

  private static String newId() {
    byte[] id = new byte[SESSION_ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
