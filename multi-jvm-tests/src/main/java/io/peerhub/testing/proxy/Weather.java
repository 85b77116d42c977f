package io.peerhub.testing.proxy;

import java.time.Duration;

/**
 * What happens to the bytes of one direction.
 *
 * @param delay how much later they arrive; they stay in order, and the rate is not lowered by it
 * @param grain the most bytes of one write, each of which is a packet of its own: 1 dribbles
 * @param glue how long bytes are collected before they are written at once; zero: not at all
 * @param flow whether they pass
 */
public record Weather(Duration delay, int grain, Duration glue, Flow flow) {
  /** Whether bytes pass. */
  public enum Flow {
    /** They do. */
    PASSING,
    /** They wait, as behind a network that loses packets; with {@code PASSING} they all follow. */
    HELD,
    /**
     * They vanish. What comes after such a hole would be another stream, so a connection that has
     * lost bytes is cut once bytes pass again: TCP would have given it up as well.
     */
    LOST
  }

  /** As if there were no proxy. */
  public static final Weather FAIR =
      new Weather(Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO, Flow.PASSING);

  public Weather {
    if (delay.isNegative() || glue.isNegative() || grain < 1) {
      throw new IllegalArgumentException("times are not negative, a grain is at least 1");
    }
  }

  public Weather withDelay(Duration value) {
    return new Weather(value, grain, glue, flow);
  }

  public Weather withGrain(int bytes) {
    return new Weather(delay, bytes, glue, flow);
  }

  public Weather withGlue(Duration value) {
    return new Weather(delay, grain, value, flow);
  }

  public Weather withFlow(Flow value) {
    return new Weather(delay, grain, glue, value);
  }
}
