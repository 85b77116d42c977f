package io.peerhub.connection;

/** A bucket of tokens that fills at a rate: one for each accepted connection. For one thread. */
final class AcceptRate {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perNano;
  private final int burst;
  private double tokens;
  private long filledAt;

  AcceptRate(int perSecond, int burst, long now) {
    this.perNano = perSecond / NANOS_PER_SECOND;
    this.burst = burst;
    this.tokens = burst;
    this.filledAt = now;
  }

  /** Takes a token; a batch of accepts may take a few more than there are. */
  void take() {
    tokens--;
  }

  /** How long to wait for the next token, in nanoseconds; 0 if there is one. */
  long waitNanos(long now) {
    tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
    filledAt = now;
    return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano);
  }
}
