package io.peerhub.launcher;

import io.peerhub.client.RefusedException;
import java.util.List;

/**
 * The end of a command that did not do what it was asked for: a line for each reason and an exit
 * code.
 */
final class Failure extends RuntimeException {
  /** Refused by a hub, or failed for another reason that the line tells. */
  static final int FAILED = 1;

  /** Nobody was there. */
  static final int NO_CONNECTION = 3;

  private final int exitCode;

  private Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static Failure failed(String message, Throwable cause) {
    return new Failure(FAILED, message, cause);
  }

  static Failure noConnection(String message, Throwable cause) {
    return new Failure(NO_CONNECTION, message, cause);
  }

  /** What a hub refused, by its number and reason. */
  static Failure refused(RefusedException refusal) {
    return new Failure(FAILED, "refused: " + refusal.getMessage(), refusal);
  }

  /** Several reasons at once, so that whoever mends them does not meet them one by one. */
  static Failure failed(List<String> reasons, Throwable cause) {
    return new Failure(FAILED, String.join("\n", reasons), cause);
  }

  /** What to say, one line for each reason. */
  static List<String> lines(Throwable thrown) {
    return thrown instanceof Failure failure
        ? failure.getMessage().lines().map(Printable::of).toList()
        : List.of(line(thrown));
  }

  int exitCode() {
    return exitCode;
  }

  /** All messages of a chain of causes in one line; a message that repeats another says nothing. */
  static String line(Throwable thrown) {
    StringBuilder line = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (line.isEmpty()) {
        line.append(message);
      } else if (line.indexOf(message) < 0 && message.indexOf(line.toString()) < 0) {
        line.append(": ").append(message);
      }
    }
    return Printable.of(line.toString().replaceAll("\\s*\\R\\s*", " "));
  }
}
