package io.peerhub.client;

/** What became of a send that went well; one that did not ends in an exception. */
public sealed interface Outcome {
  /** The hub took it. What became of it there was not asked for. */
  record Sent() implements Outcome {}

  /**
   * Live: the receiver's session has queued it. Critical: it is committed, and its fate comes as a
   * receipt.
   *
   * @param duplicate the hub had it already; it has had one effect
   */
  record Accepted(boolean duplicate) implements Outcome {}

  /** The receiver took it. */
  record Delivered(boolean duplicate) implements Outcome {}
}
