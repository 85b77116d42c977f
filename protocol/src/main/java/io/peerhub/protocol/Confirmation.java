package io.peerhub.protocol;

/** What a sender asks to be told about a send. The order is that of the schema. */
public enum Confirmation {
  /** Nothing; refusals are told all the same. */
  NONE,
  /** That it is queued in the receiver's session (live) or committed (critical). */
  ACCEPTED,
  /** That the receiver took it. */
  DELIVERED
}
