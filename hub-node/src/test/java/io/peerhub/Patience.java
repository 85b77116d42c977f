package io.peerhub;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test waits for what has to come: the one deadline of this module's tests. It is
 * generous, since a test that fails by it has found a fault and nothing else; how fast a thing is,
 * is a benchmark's question.
 */
public final class Patience {
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private Patience() {}

  /** Awaitility with this deadline in place of its own 10 s. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE);
  }
}
