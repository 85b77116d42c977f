package io.peerhub.testing.process;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test of processes waits for what has to come: the one deadline for all of it, long
 * enough for a Java VM and a database that start on a busy machine. A test that fails by it has
 * found a fault and nothing else.
 */
public final class Patience {
  public static final Duration PATIENCE = Duration.ofSeconds(120);

  private Patience() {}

  /** Awaitility with this deadline in place of its own 10 s. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE);
  }

  /** What a future comes to. */
  public static <T> T get(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
