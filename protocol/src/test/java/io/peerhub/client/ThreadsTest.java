package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  private final Threads threads = new Threads("alice");

  @Test
  void closingWaitsForTheLastOfThemAndNoLongerThanItMay() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    Thread last = threads.prepare("last", held::await);
    threads.start(last);
    threads.start("first", () -> {});
    assertThat(threads.join(Duration.ofMillis(1))).as("one is at work").isFalse();
    held.countDown();
    assertThat(threads.join(Clients.PATIENCE)).isTrue();
    assertThat(last.isAlive()).isFalse();
  }

  @Test
  void oneOfThemDoesNotWaitForItself() throws Exception {
    CountDownLatch joined = new CountDownLatch(1);
    Thread own =
        threads.prepare(
            "own",
            () -> {
              if (threads.join(Clients.PATIENCE)) {
                joined.countDown();
              }
            });
    threads.start(own);
    assertThat(own.join(Clients.PATIENCE)).isTrue();
    assertThat(joined.getCount()).isZero();
  }
}
