package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static List<Duration> waits(int count, Backoff backoff) {
    return IntStream.range(0, count).mapToObj(i -> backoff.failed()).toList();
  }

  @Test
  void doublesFromHalfASecondToAMinute() {
    Backoff backoff = new Backoff(ClientSettings.Retry.DEFAULT, 1, () -> 1);
    assertThat(waits(9, backoff))
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
  }

  @Test
  void waitsAnythingBetweenNothingAndTheMost() {
    Random random = new Random(1);
    Backoff backoff = new Backoff(ClientSettings.Retry.DEFAULT, 1, random::nextDouble);
    List<Duration> waits = waits(2_000, backoff).subList(10, 2_000);
    assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(60)) < 0);
    double mean = waits.stream().mapToLong(Duration::toMillis).average().orElseThrow();
    assertThat(mean).isBetween(28_000.0, 32_000.0);
  }

  @Test
  void risesOnceARoundThroughTheServers() {
    Backoff backoff = new Backoff(ClientSettings.Retry.DEFAULT, 2, () -> 1);
    assertThat(waits(4, backoff))
        .extracting(Duration::toMillis)
        .containsExactly(500L, 500L, 1_000L, 1_000L);
  }

  @Test
  void beginsAnewAfterAGoodConnection() {
    Backoff backoff = new Backoff(ClientSettings.Retry.DEFAULT, 1, () -> 1);
    waits(5, backoff);
    backoff.succeeded();
    assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void isExhaustedOnlyWhereItWasToldTo() {
    Backoff endless = new Backoff(ClientSettings.Retry.DEFAULT, 1, () -> 0);
    waits(100_000, endless);
    assertThat(endless.isExhausted()).isFalse();
    ClientSettings.Retry twice =
        new ClientSettings.Retry(Duration.ofMillis(1), Duration.ofMillis(1), 2);
    Backoff bounded = new Backoff(twice, 1, () -> 0);
    bounded.failed();
    assertThat(bounded.isExhausted()).isFalse();
    bounded.failed();
    assertThat(bounded.isExhausted()).isTrue();
  }

  @Test
  void whatTheHubAsksForIsTheLeastAndNobodyComesBackInStep() {
    Duration asked = Duration.ofSeconds(2);
    Backoff at = new Backoff(ClientSettings.Retry.DEFAULT, 1, () -> 0);
    assertThat(at.failed(asked)).isEqualTo(asked);
    Backoff later = new Backoff(ClientSettings.Retry.DEFAULT, 1, () -> 1);
    assertThat(later.failed(asked)).isEqualTo(asked.plusMillis(500));
    assertThat(later.failed(asked)).isEqualTo(asked.plusMillis(1_000));
  }
}
