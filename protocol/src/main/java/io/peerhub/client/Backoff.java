package io.peerhub.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that ten thousand
 * clients of a node that died do not come back in step.
 *
 * <p>The exponent rises once a round through the servers, not once a server: a dead first server
 * must not make the second one wait.
 */
final class Backoff {
  /** 2^30 times the least wait is past every allowed most. */
  private static final int EXPONENT_MAX = 30;

  private final ClientSettings.Retry retry;
  private final int servers;
  private final DoubleSupplier random;
  private int failures;

  /**
   * @param servers how many servers make a round
   * @param random numbers from 0 to 1
   */
  Backoff(ClientSettings.Retry retry, int servers, DoubleSupplier random) {
    this.retry = retry;
    this.servers = servers;
    this.random = random;
  }

  /** Counts a failure and tells the wait before the next attempt. */
  Duration failed() {
    return failed(Duration.ZERO);
  }

  /**
   * Counts a failure and tells the wait before the next attempt: the own one comes on top of what
   * the hub asks for, since all whom it asked for the same would come back in step.
   *
   * @param least what the hub asks for; may be zero
   */
  Duration failed(Duration least) {
    int exponent = Math.min(failures / servers, EXPONENT_MAX);
    failures++;
    double most =
        Math.min(retry.most().toNanos(), (double) retry.first().toNanos() * (1L << exponent));
    return least.plusNanos((long) (most * random.getAsDouble()));
  }

  /** Whether as many attempts in a row have failed as were allowed. */
  boolean isExhausted() {
    return retry.attemptsMax() > 0 && failures >= retry.attemptsMax();
  }

  /** A connection has proven good. */
  void succeeded() {
    failures = 0;
  }
}
