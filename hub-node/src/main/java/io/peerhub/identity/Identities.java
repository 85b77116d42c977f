package io.peerhub.identity;

import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.Optional;

/**
 * The door: which method is offered to whom. Safe for any thread, answers at once.
 *
 * <p>With keys the method is {@code hmac}, and only identities with a key are known. Without keys
 * it is {@code none}, every well-formed name is known, and the node must be in development mode
 * (which the start checks, not this class).
 */
public final class Identities {
  private final Optional<KeySource> keys;

  private Identities(Optional<KeySource> keys) {
    this.keys = keys;
  }

  /** Everybody is who they say: development only. */
  public static Identities open() {
    return new Identities(Optional.empty());
  }

  /** Everybody proves it by a key. */
  public static Identities keyed(KeySource keys) {
    return new Identities(Optional.of(keys));
  }

  /** How somebody is met who claims this identity and asks for this method. */
  public Admission admit(Identity identity, String method) {
    boolean offered =
        keys.isPresent() ? method.equals("hmac") : method.equals("none") || method.isEmpty();
    if (!offered) {
      return new Admission.Turned(Refusal.METHOD_NOT_OFFERED);
    }
    return keys.<Admission>map(source -> new Admission.Prove(new Handshake(identity, source)))
        .orElseGet(Admission.Free::new);
  }

  /** Whether a message to this identity can ever be delivered: else the sender is told 3001. */
  public boolean isKnown(Identity identity) {
    return keys.isEmpty() || keys.get().isKnown(identity);
  }
}
