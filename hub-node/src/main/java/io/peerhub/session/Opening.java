package io.peerhub.session;

import io.peerhub.identity.Admission;
import io.peerhub.identity.Handshake;
import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.peer.Seat;
import io.peerhub.peer.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Meter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phases of a session before its {@code welcome}.
 *
 * <pre>
 *   awaitingHello -> proving -> attaching -> taking -> Session.live
 * </pre>
 *
 * <p>Until {@code attaching} nothing of the hub is touched: no peer is started and no row is read
 * for who has not proven who it is. Everything malformed is fatal here. What the peer says beyond
 * what a phase waits for is kept and taken in order after the welcome; it is little, since a
 * connection takes 8 KiB before it is admitted.
 */
final class Opening {
  /** How often the peer is asked before the connection is turned away. */
  private static final int ATTACH_TRIES = 5;

  private static final int SESSION_ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Scene scene;
  private final Surroundings with;
  private final Outlet outlet;
  private final Seat seat;
  private final String newSessionId = newId();
  private final Arrivals arrivals;
  private final Runnable closeArrivals;
  private final Taking taking = new Taking();
  private Terms terms;
  private Handshake handshake;
  private String hubMac = "";
  private Peer.Attached attached;
  private int tries;
  private boolean proofSeen;
  private boolean cut;
  private boolean orphaned;
  private Peer.Yield successor;

  Opening(Scene scene) {
    this.scene = scene;
    this.with = scene.with();
    this.outlet = scene.outlet();
    this.seat = new Seat(scene.self(), with.loop());
    this.arrivals = new Arrivals(with);
    this.closeArrivals = arrivals::close;
    scene.atEnd(closeArrivals);
  }

  // ---- awaitingHello

  /** The first frame has to be a hello. */
  Behavior<SessionInput> awaitingHello() {
    return scene.phase(this::whileAwaitingHello, this::onSignal);
  }

  private Behavior<SessionInput> whileAwaitingHello(SessionInput input) {
    return switch (input) {
      case Session.Received received -> onFirst(received.frames());
      case Session.Malformed malformed -> turnAway(malformed.cause().refusal());
      case Session.Closed closed -> Behaviors.stopped();
      case Session.Drain drain -> turnAway(Refusal.DRAINING);
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onFirst(List<Frame.FromPeer> frames) {
    arrivals.keep(frames.subList(1, frames.size()));
    if (!(frames.getFirst() instanceof Frame.Hello hello)) {
      return turnAway(Refusal.WRONG_PHASE);
    }
    return switch (Terms.read(hello, with.settings())) {
      case Terms.Refused refused -> turnAway(refused.refusal());
      case Terms.Agreed agreed -> greet(agreed.terms());
    };
  }

  private Behavior<SessionInput> greet(Terms agreed) {
    terms = agreed;
    return switch (with.identities().admit(terms.identity(), terms.method())) {
      case Admission.Free free -> attach();
      case Admission.Turned turned -> turnAway(turned.refusal());
      case Admission.Prove prove -> challenge(prove.handshake());
    };
  }

  // ---- proving

  private Behavior<SessionInput> challenge(Handshake begun) {
    handshake = begun;
    outlet.send(new Frame.Challenge(handshake.nonce(), with.node()));
    return scene.phase(this::whileProving, this::onSignal);
  }

  /** Waits for the proof, then for the keys to hold it against. */
  private Behavior<SessionInput> whileProving(SessionInput input) {
    return switch (input) {
      case Session.Received received -> onProofOrEarly(received.frames());
      case Session.Judged judged -> onJudged(judged.verdict());
      case Session.Malformed malformed -> turnAway(malformed.cause().refusal());
      case Session.Closed closed -> Behaviors.stopped();
      case Session.Drain drain -> turnAway(Refusal.DRAINING);
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  private Behavior<SessionInput> onProofOrEarly(List<Frame.FromPeer> frames) {
    for (Frame.FromPeer frame : frames) {
      if (frame instanceof Frame.Proof proof && !proofSeen) {
        proofSeen = true;
        scene
            .context()
            .pipeToSelf(
                handshake.judge(proof),
                (verdict, failure) ->
                    new Session.Judged(
                        failure == null
                            ? verdict
                            : new Handshake.Refused(Refusal.STORE_UNAVAILABLE)));
      } else {
        arrivals.keep(List.of(frame));
      }
    }
    return arrivals.tooManyFrames() ? turnAway(Refusal.WRONG_PHASE) : Behaviors.same();
  }

  private Behavior<SessionInput> onJudged(Handshake.Verdict verdict) {
    return switch (verdict) {
      case Handshake.Proven proven -> {
        hubMac = proven.hubMac();
        yield attach();
      }
      case Handshake.Refused refused -> turnAway(refused.refusal());
    };
  }

  // ---- attaching

  private Behavior<SessionInput> attach() {
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
      case Peer.Denied denied -> turnAway(denied.refusal());
      case Session.Tick tick -> tries < ATTACH_TRIES ? attach() : turnAway(Refusal.NO_MAJORITY);
      case SessionInput other -> meanwhile(other);
    };
  }

  private Behavior<SessionInput> onAttached(Peer.Attached answer) {
    attached = answer;
    scene.context().watch(attached.peer());
    enroll(attached.resumes() ? terms.resume().orElseThrow().session() : newSessionId);
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
        taking.add(piece);
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
      case HandOver piece -> taking.add(piece);
      case Session.Received received -> keep(received.frames());
      case Session.Closed closed -> cut = true;
      case Session.Malformed malformed -> breakOff(malformed.cause().refusal());
      case Session.Drain drain -> breakOff(Refusal.DRAINING);
      case Peer.Yield yielded -> successor = yielded;
      case SessionInput other -> {}
    }
    return Behaviors.same();
  }

  /** The peer's answer has yet to come: until then the connection is over, the session is not. */
  private void breakOff(Refusal refusal) {
    if (!cut) {
      fail(refusal);
      outlet.close();
      cut = true;
    }
  }

  private void keep(List<Frame.FromPeer> frames) {
    arrivals.keep(frames);
    if (arrivals.tooManyFrames()) {
      outlet.pause();
    }
  }

  // ---- welcome

  private Behavior<SessionInput> welcome() {
    scene.timers().cancelAll();
    Taking.Outcome outcome = outcome();
    String sessionId = outcome.resumed() ? terms.resume().orElseThrow().session() : newSessionId;
    Session.Standing standing =
        new Session.Standing(terms, seat, sessionId, attached.epoch(), attached.peer());
    Conversation conversation = new Conversation(with, terms.clientAcks(), terms.window());
    scene.atEnd(conversation::close);
    Sending sending = new Sending(with, terms.identity(), seat);
    enroll(sessionId);
    if (outcome.resumed()) {
      sending.restore(taking.state());
      goOn(conversation);
    } else {
      with.meters().count(Meter.SESSIONS_OPENED);
    }
    if (!cut) {
      outlet.admit(with.settings().maxFrame());
      conversation.connect(outlet);
      sending.connect(outlet);
      outlet.send(welcomeFrame(sessionId, outcome.resumed(), sending.received()));
    }
    follow(conversation, outcome);
    return enter(new Session(scene, standing, conversation, sending));
  }

  private Taking.Outcome outcome() {
    if (terms.resume().isEmpty()) {
      return attached.previous() == null
          ? new Taking.Outcome(false, Taking.Outcome.NO_GAP)
          : taking.begin();
    }
    Frame.Resume resume = terms.resume().get();
    Taking.Outcome outcome =
        attached.resumes()
            ? taking.resume(resume.session(), resume.received())
            : new Taking.Outcome(false, Taking.Outcome.UNKNOWN);
    with.meters().count(outcome.resumed() ? Meter.SESSIONS_RESUMED : Meter.RESUMES_FAILED);
    return outcome;
  }

  /** The numbers of the older session go on, and what it had written is ours to repeat. */
  private void goOn(Conversation conversation) {
    HandOver.State older = taking.state();
    conversation.window().restore(older.lastSeq(), older.ackedSeq());
    for (HandOver.Written written : taking.written()) {
      conversation.window().keep(written.seq(), written.attempt(), written.delivery());
    }
    conversation.ack(terms.resume().orElseThrow().received());
  }

  /** What follows the welcome: what is missing, what is repeated, what waited. */
  private void follow(Conversation conversation, Taking.Outcome outcome) {
    if (outcome.gap() != Taking.Outcome.NO_GAP) {
      if (cut) {
        conversation.lost(outcome.gap());
      } else {
        conversation.gap(outcome.gap(), "not kept until the resume");
      }
    }
    if (!outcome.resumed()) {
      for (HandOver.Written written : taking.written()) {
        if (written.seq() > taking.processed(terms.resume().orElseThrow().received())) {
          conversation.repeat(written.delivery());
        } else {
          conversation.processed(written.delivery());
        }
      }
    } else if (!cut) {
      conversation.replay();
    }
    for (HandOver.Waiting waiting : taking.waiting()) {
      conversation.enqueue(waiting.delivery());
    }
  }

  private Behavior<SessionInput> enter(Session session) {
    if (orphaned) {
      scene.self().tell(new Session.ReportAgain());
    }
    if (successor != null) {
      scene.self().tell(successor);
    }
    List<Mail> mail = arrivals.takeMail();
    scene.forget(closeArrivals);
    return cut
        ? session.beginDetached(outlet, mail)
        : session.begin(outlet, mail, arrivals.frames());
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
        hubMac,
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
                    outlet.remote().wire())));
  }

  // ---- away with it

  private Behavior<SessionInput> turnAway(Refusal refusal) {
    fail(refusal);
    return Behaviors.stopped();
  }

  private void fail(Refusal refusal) {
    with.meters().count(Meter.HANDSHAKES_FAILED);
    with.meters().refused(refusal);
    outlet.send(Scene.error(refusal));
  }

  private Behavior<SessionInput> onSignal(Signal signal) {
    // The peer's actor ended between its answer and the welcome: its successor has to know us.
    orphaned |= signal instanceof Terminated;
    return Behaviors.same();
  }

  private void tickIn(Duration delay) {
    scene.timers().startSingleTimer(new Session.Tick(), new Session.Tick(), delay);
  }

  private static String newId() {
    byte[] id = new byte[SESSION_ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
