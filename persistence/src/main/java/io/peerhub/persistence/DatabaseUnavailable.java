package io.peerhub.persistence;

/**
 * The database gave no answer in time. What was asked may be asked again: nothing is known to have
 * happened, and where something did, doing it twice does no harm.
 */
public final class DatabaseUnavailable extends RuntimeException {

  /** Why there was no answer. */
  public enum Reason {
    /** The database is away, or too slow for the deadline. */
    AWAY,
    /** As many callers wait already as the settings allow. */
    FULL,
    /** This node is stopping. */
    CLOSED
  }

  private final Reason reason;

  DatabaseUnavailable(Reason reason, Throwable cause) {
    // No stack trace: an outage yields thousands of these, and where they were made says nothing.
    super("database unavailable: " + reason, cause, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
