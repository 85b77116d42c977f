package io.peerhub.identity;

import io.peerhub.identity.proof.Caller;
import io.peerhub.identity.proof.Proving;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The door: which method is offered to whom. Safe for any thread, answers at once.
 *
 * <p>Without any method it is {@code none}: everybody is who they say, every well-formed name is
 * known, and the node must be in development mode (which the start checks, not this class).
 */
public final class Identities {
  /**
   * What is known of identities without waiting.
   *
   * @param known whether there may be such a peer
   * @param shutOut whether an operator has shut it out
   */
  public record Knowledge(Predicate<Identity> known, Predicate<Identity> shutOut) {}

  private final Map<String, Proving> methods;
  private final Judge judge;
  private final Knowledge knowledge;

  private Identities(Map<String, Proving> methods, Judge judge, Knowledge knowledge) {
    this.methods = Map.copyOf(methods);
    this.judge = judge;
    this.knowledge = knowledge;
  }

  /** Everybody is who they say: development only. */
  public static Identities open(Predicate<Identity> shutOut) {
    return new Identities(Map.of(), null, new Knowledge(anybody -> true, shutOut));
  }

  /** Everybody proves it, by one of these methods as {@code hello} names them. */
  public static Identities proven(
      Map<String, ? extends Proving> methods, Judge judge, Knowledge knowledge) {
    return new Identities(Map.copyOf(methods), judge, knowledge);
  }

  /** How somebody is met who claims this identity and asks for this method. */
  public Admission admit(Caller caller, Identity identity, String method) {
    if (methods.isEmpty()) {
      return method.equals("none") || method.isEmpty()
          ? asItSays(identity)
          : new Admission.Turned(Refusal.METHOD_NOT_OFFERED);
    }
    Proving proving = methods.get(method);
    if (proving == null) {
      return new Admission.Turned(Refusal.METHOD_NOT_OFFERED);
    }
    return proving.needsSecrecy() && !caller.secret()
        ? new Admission.Turned(Refusal.TLS_REQUIRED)
        : new Admission.Prove(new Handshake(judge, proving, identity, caller));
  }

  private Admission asItSays(Identity identity) {
    return isShutOut(identity) ? new Admission.Turned(Refusal.DISABLED) : new Admission.Free();
  }

  /** Whether a message to this identity can ever be delivered: else the sender is told 3001. */
  public boolean isKnown(Identity identity) {
    return knowledge.known().test(identity);
  }

  /**
   * Whether an operator has shut this identity out. Asked once more when its session is on the
   * roster: an order of that kind that came in between found nobody there.
   */
  public boolean isShutOut(Identity identity) {
    return knowledge.shutOut().test(identity);
  }
}
