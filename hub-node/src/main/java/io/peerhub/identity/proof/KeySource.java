package io.peerhub.identity.proof;

import io.peerhub.protocol.Identity;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where the keys of peers come from. Safe for any thread, and never blocks its caller. */
public interface KeySource {
  /**
   * The keys that are valid for this identity now: none if it is not known, two while one replaces
   * the other. Fails if the source cannot be asked; the caller then says no.
   */
  CompletionStage<List<byte[]>> keysOf(Identity identity);

  /** Whether somebody of this identity may exist, as far as is known without waiting. */
  boolean isKnown(Identity identity);
}
