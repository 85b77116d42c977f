package io.peerhub;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An actor system for each test, in which time stands still until {@link #pass} is called: timers,
 * the monotonic clock and the wall clock move together.
 */
public final class ActorKit implements BeforeEachCallback, AfterEachCallback {
  private static final String CONFIG =
      """
      pekko.log-dead-letters = off
      pekko.loglevel = off
      peerhub.loop.0 {
        type = Dispatcher
        executor = thread-pool-executor
        throughput = 64
        thread-pool-executor.fixed-pool-size = 1
      }
      """;

  private final Semaphore settled = new Semaphore(0);
  private final AtomicLong nanos = new AtomicLong();
  private ActorTestKit kit;
  private ManualTime time;

  @Override
  public void beforeEach(ExtensionContext context) {
    kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.parseString(CONFIG)));
    time = ManualTime.get(kit.system());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    kit.shutdownTestKit();
  }

  public ActorTestKit kit() {
    return kit;
  }

  public <T> TestProbe<T> probe() {
    return kit.createTestProbe();
  }

  /** A monotonic clock. */
  public long nanos() {
    return nanos.get();
  }

  /** A wall clock. */
  public Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return Instant.ofEpochSecond(1_700_000_000, nanos.get());
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
  }

  /** So much time passes, at once. */
  public void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  /** Waits until a dispatcher of one thread has done what it was given before. */
  public void settle(String dispatcher) {
    kit.system()
        .dispatchers()
        .lookup(DispatcherSelector.fromConfig(dispatcher))
        .execute(settled::release);
    try {
      if (!settled.tryAcquire(3, TimeUnit.SECONDS)) {
        throw new AssertionError(dispatcher + " stands still");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
