package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySampleTest {
  private final LatencySample sample = new LatencySample();

  @Test
  void oneMessageIn256IsTimed() {
    int timed = 0;
    for (int i = 0; i < 256 * 10; i++) {
      long begun = sample.begin();
      timed += begun == 0 ? 0 : 1;
      sample.end(begun);
    }
    assertThat(timed).isEqualTo(10);
    assertThat(java.util.Arrays.stream(sample.counts()).sum()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 17, 1000, 123_456, 5_000_000_000L})
  void aTimeIsToldToAnEighth(long nanos) {
    sample.record(nanos);
    assertThat(LatencySample.quantile(sample.counts(), 0.99))
        .isBetween(nanos, nanos + Math.max(0, nanos / 8));
  }

  @Test
  void timesOutOfRangeCountAsTheNearest() {
    sample.record(-5);
    assertThat(LatencySample.quantile(sample.counts(), 1)).isZero();
    sample.record(Long.MAX_VALUE);
    assertThat(LatencySample.quantile(sample.counts(), 1)).isEqualTo(LatencySample.LONGEST);
  }

  @Test
  void theQuantileIsThatOfTheSortedTimes() {
    Random random = new Random(42);
    long[] times = random.longs(10_000, 1_000, 1_000_000_000).sorted().toArray();
    for (long time : times) {
      sample.record(time);
    }
    for (double share : new double[] {0.01, 0.5, 0.99, 0.999, 1}) {
      long exact = times[(int) Math.ceil(share * times.length) - 1];
      assertThat(LatencySample.quantile(sample.counts(), share))
          .isBetween(exact, exact + exact / 8);
    }
  }

  @Test
  void nothingCountedHasNoQuantile() {
    assertThat(LatencySample.quantile(sample.counts(), 0.99)).isEqualTo(-1);
  }
}
