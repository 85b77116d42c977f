package io.peerhub.session;

import io.peerhub.identity.Admission;
import io.peerhub.identity.Handshake;
import io.peerhub.identity.proof.Caller;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The phases of a session in which its peer shows who it is.
 *
 * <pre>
 *   awaitingHello -> proving -> judging -> (Attaching) attaching -> taking -> (Living) live
 * </pre>
 *
 * <p>Until {@code attaching} nothing of the hub is touched: no peer is started and no row is read
 * for who has not proven who it is. Everything malformed is fatal here. What the peer says beyond
 * what a phase waits for is kept and taken in order after the welcome; it is little, since a
 * connection takes 8 KiB before it is admitted.
 */
final class Opening {
  private final Scene scene;
  private final Surroundings with;
  private final Line line;
  private final Arrivals arrivals;
  private Terms terms;
  private Handshake handshake;

  Opening(Scene scene) {
    this.scene = scene;
    this.with = scene.with();
    this.line = scene.line();
    this.arrivals = new Arrivals(with);
  }

  // ---- awaitingHello

  /** The first frame has to be a hello. */
  Behavior<SessionInput> awaitingHello() {
    return scene.phase(this::whileAwaitingHello, signal -> Behaviors.same());
  }

  private Behavior<SessionInput> whileAwaitingHello(SessionInput input) {
    return switch (input) {
      case Session.Received received -> onFirst(received.frames());
      case SessionInput other -> meanwhile(other);
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
    return switch (with.identities().admit(caller(), terms.identity(), terms.method())) {
      case Admission.Free free -> attach("", Map.of());
      case Admission.Turned turned -> turnAway(turned.refusal());
      case Admission.Prove prove -> challenge(prove.handshake());
    };
  }

  private Caller caller() {
    Outlet.Remote remote = line.remote();
    boolean secret = remote.encrypted() || remote.loopback();
    return new Caller(remote.host(), secret, terms.client(), Terms.VERSION);
  }

  // ---- proving

  private Behavior<SessionInput> challenge(Handshake begun) {
    handshake = begun;
    line.say(new Frame.Challenge(handshake.nonce(), with.node()));
    return scene.phase(this::whileProving, signal -> Behaviors.same());
  }

  /** Waits for the proof. */
  private Behavior<SessionInput> whileProving(SessionInput input) {
    return switch (input) {
      case Session.Received received -> onProofOrEarly(received.frames());
      case SessionInput other -> meanwhile(other);
    };
  }

  /** The first proof counts; what else is said waits for the welcome. */
  private Behavior<SessionInput> onProofOrEarly(List<Frame.FromPeer> frames) {
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i) instanceof Frame.Proof proof) {
        arrivals.keep(frames.subList(0, i));
        arrivals.keep(frames.subList(i + 1, frames.size()));
        return arrivals.tooManyFrames() ? turnAway(Refusal.WRONG_PHASE) : judge(proof);
      }
    }
    return onEarly(frames);
  }

  private Behavior<SessionInput> onEarly(List<Frame.FromPeer> frames) {
    arrivals.keep(frames);
    return arrivals.tooManyFrames() ? turnAway(Refusal.WRONG_PHASE) : Behaviors.same();
  }

  // ---- judging

  private Behavior<SessionInput> judge(Frame.Proof proof) {
    scene
        .context()
        .pipeToSelf(
            handshake.judge(proof),
            (verdict, failure) ->
                new Session.Judged(failure == null ? verdict : Handshake.Refused.unavailable()));
    return scene.phase(this::whileJudging, signal -> Behaviors.same());
  }

  /** Waits until the proof was held against the keys. */
  private Behavior<SessionInput> whileJudging(SessionInput input) {
    return switch (input) {
      case Session.Judged judged -> onJudged(judged.verdict());
      case Session.Received received -> onEarly(received.frames());
      case SessionInput other -> meanwhile(other);
    };
  }

  private Behavior<SessionInput> onJudged(Handshake.Verdict verdict) {
    return switch (verdict) {
      case Handshake.Proven proven -> attach(proven.hubMac(), proven.labels());
      case Handshake.Refused refused -> turnAway(refused.refusal(), refused.retryAfterMs());
    };
  }

  // ---- in any of these phases

  /** What ends the opening, whatever it waits for. */
  private Behavior<SessionInput> meanwhile(SessionInput input) {
    return switch (input) {
      case Session.Malformed malformed -> turnAway(malformed.cause().refusal());
      case Session.Closed closed -> Behaviors.stopped();
      case Session.Drain drain -> onDrain(drain);
      case SessionInput other -> Behaviors.unhandled();
    };
  }

  // ---- done here

  private Behavior<SessionInput> attach(String hubMac, Map<String, String> labels) {
    line.heardOut();
    return new Attaching(scene, terms, new Attaching.Proof(hubMac, labels), arrivals).attach();
  }

  private Behavior<SessionInput> onDrain(Session.Drain drain) {
    return turnAway(Refusal.DRAINING, (int) drain.reconnectIn().toMillis());
  }

  private Behavior<SessionInput> turnAway(Refusal refusal) {
    return turnAway(refusal, Scene.NOT_KNOWN);
  }

  private Behavior<SessionInput> turnAway(Refusal refusal, int retryAfterMs) {
    scene.turnAway(refusal, retryAfterMs);
    return Behaviors.stopped();
  }
}
