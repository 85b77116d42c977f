package io.peerhub.client;

/** The client is closed: what this answers never left it. */
public final class ClientClosedException extends IllegalStateException {
  ClientClosedException(Exception cause) {
    super("the client is closed", cause);
  }
}
