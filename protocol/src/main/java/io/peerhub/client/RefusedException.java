package io.peerhub.client;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.Optional;

/**
 * Something was not taken, with the number that the catalogue has for it. Mostly the hub says so;
 * the client's own limits speak in the same numbers (3003 expired while it waited, 4002 too much
 * waiting, 4006 dropped for a newer one, 1002 larger than the hub takes). What is refused has not
 * been delivered; where the hub cannot tell, the failure is an {@link UnconfirmedException}.
 */
public final class RefusedException extends RuntimeException {
  private final int code;
  private final Duration retryAfter;

  RefusedException(int code, String reason, Duration retryAfter) {
    super(code + " " + reason);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  RefusedException(Refusal refusal, String reason) {
    this(refusal.code(), reason, Duration.ZERO);
  }

  static RefusedException of(Frame.Error error) {
    return new RefusedException(
        error.code(), error.reason(), Duration.ofMillis(error.retryAfterMs()));
  }

  static RefusedException of(Frame.Refuse refuse) {
    return new RefusedException(
        refuse.code(), refuse.reason(), Duration.ofMillis(refuse.retryAfterMs()));
  }

  /** The number, which may be newer than this library. */
  public int code() {
    return code;
  }

  /** The entry of the catalogue; empty for a number that this library does not know. */
  public Optional<Refusal> refusal() {
    return Optional.ofNullable(Refusal.ofCode(code));
  }

  /** When it is worth another try; zero where the hub did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Whether to come back would be wrong: not allowed, disabled, taken over. */
  boolean isFinal() {
    return code == Refusal.NOT_ALLOWED.code()
        || code == Refusal.DISABLED.code()
        || code == Refusal.TAKEN_OVER.code();
  }
}
