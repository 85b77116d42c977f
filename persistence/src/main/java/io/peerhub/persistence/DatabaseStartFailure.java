package io.peerhub.persistence;

/** The database cannot be used as it is; the message tells an operator why, without a secret. */
public final class DatabaseStartFailure extends RuntimeException {

  public DatabaseStartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
