package io.peerhub.client;

/**
 * Nobody can say what became of a message: it was sent, and the answer never came, or the hub
 * itself does not know (3008, as after the loss of a node). It may have been delivered. A live
 * message is not repeated then, for that could double it.
 */
public final class UnconfirmedException extends RuntimeException {
  UnconfirmedException(String message) {
    super(message);
  }
}
