package io.peerhub;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An actor system for each test, in which time stands still until {@link #pass} is called: timers,
 * the monotonic clock and the wall clock move together.
 */
public final class ActorKit implements BeforeEachCallback, AfterEachCallback {
  /** Has the probes of an actor system wait as long as all tests do, for what has to come. */
  public static final Config PATIENT =
      ConfigFactory.parseString(
          """
          pekko.actor.testkit.typed {
            single-expect-default = %1$ds
            default-timeout = %1$ds
            system-shutdown-default = %1$ds
          }
          """
              .formatted(PATIENCE.toSeconds()));

  /** A dispatcher of one thread, as event loops are: what is to be waited for runs there. */
  public static final String LOOP = "peerhub.loop.0";

  /** An actor tells another, which tells a third, and that one itself. */
  private static final int TURNS = 4;

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

  private final AtomicLong nanos = new AtomicLong();
  private ActorTestKit kit;
  private ManualTime time;

  @Override
  public void beforeEach(ExtensionContext context) {
    kit =
        ActorTestKit.create(
            ManualTime.config()
                .withFallback(PATIENT)
                .withFallback(ConfigFactory.parseString(CONFIG)));
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

  /** So much time passes at once, for a loop that has done what it was given before. */
  public void pass(Duration duration) {
    settle(LOOP);
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
    settle(LOOP);
  }

  /**
   * Waits until a dispatcher of one thread has done what it was given before, and what it gave
   * itself by that.
   */
  public void settle(String dispatcher) {
    Executor loop = kit.system().dispatchers().lookup(DispatcherSelector.fromConfig(dispatcher));
    for (int turn = 0; turn < TURNS; turn++) {
      CompletableFuture.runAsync(() -> {}, loop)
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    }
  }

  /** Whoever runs on the loop has done what it was given, and has told a probe nothing more. */
  public void expectNothing(TestProbe<?> probe) {
    settle(LOOP);
    assertSilent(probe);
  }

  /**
   * Nothing that was not looked at has been told to a probe: what is told to it now is what it
   * hears next. Asked once whoever might have told it something is known to be done.
   */
  public static void assertSilent(TestProbe<?> probe) {
    Object mark = new Object();
    tell(probe.ref(), mark);
    Object heard = probe.receiveMessage();
    assertThat(heard).as("nothing but what the test itself has said").isSameAs(mark);
  }

  private static <T> void tell(ActorRef<T> probe, Object mark) {
    probe.<Object>unsafeUpcast().tell(mark);
  }
}
