package io.peerhub.client;

/**
 * Thrown by a {@link MessageHandler} for a message that will never be good: the hub files it as a
 * dead letter and does not bring it again.
 */
public final class RejectException extends RuntimeException {
  public RejectException(String reason) {
    super(reason);
  }
}
