package io.peerhub.identity;

import io.peerhub.protocol.Refusal;

/** How a claimed identity is met. */
public sealed interface Admission {
  /** Let in as it says. */
  record Free() implements Admission {}

  /** Let in if it proves it. */
  record Prove(Handshake handshake) implements Admission {}

  /** Turned away. */
  record Turned(Refusal refusal) implements Admission {}
}
