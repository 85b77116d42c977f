package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Levels.Store;
import io.peerhub.telemetry.Meters.End;
import io.peerhub.telemetry.Meters.Span;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a scrape says. */
class ExpositionTest {
  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private final AtomicLong now = new AtomicLong(1);
  private final Levels levels = new Levels(now::get);
  private final Exposition exposition =
      new Exposition(
          meters, ledger, levels, new Rates(meters, new LatencySample(), System::nanoTime));

  @Test
  void aHistogramHasStepsThatAddUp() {
    meters.took(Span.ROUND_TRIP, TimeUnit.MILLISECONDS.toNanos(3));
    meters.took(Span.ROUND_TRIP, TimeUnit.MILLISECONDS.toNanos(70));
    meters.took(Span.ROUND_TRIP, TimeUnit.MINUTES.toNanos(3));
    assertThat(exposition.text())
        .contains("# TYPE peerhub_round_trip_seconds histogram")
        .contains("peerhub_round_trip_seconds_bucket{le=\"0.001\"} 0\n")
        .contains("peerhub_round_trip_seconds_bucket{le=\"0.005\"} 1\n")
        .contains("peerhub_round_trip_seconds_bucket{le=\"0.1\"} 2\n")
        .contains("peerhub_round_trip_seconds_bucket{le=\"30.0\"} 2\n")
        .contains("peerhub_round_trip_seconds_bucket{le=\"+Inf\"} 3\n")
        .contains("peerhub_round_trip_seconds_count 3\n")
        .contains("peerhub_round_trip_seconds_sum 180.073\n");
  }

  @Test
  void everyReasonHasItsOwnSeries() {
    meters.ended(End.NOT_READING);
    meters.refused(Refusal.FRAME_TOO_LARGE);
    assertThat(exposition.text())
        .contains("peerhub_connections_ended_total{reason=\"not_reading\"} 1.0\n")
        .contains("peerhub_connections_ended_total{reason=\"lost\"} 0.0\n")
        .contains("peerhub_refused_total{code=\"1002\",refusal=\"frame_too_large\"} 1.0\n");
  }

  @Test
  void aStoreSaysHowFullItIs() {
    levels.register(Store.LIVE_QUEUES, () -> 17, 100);
    assertThat(exposition.text())
        .contains("peerhub_store_bytes{store=\"live_queues\"} 17.0\n")
        .contains("peerhub_store_max_bytes{store=\"live_queues\"} 100.0\n")
        .contains("peerhub_store_bytes{store=\"buffers\"} 0.0\n");
  }

  @Test
  void theWorstLagIsToldForTenSeconds() {
    levels.late(TimeUnit.MILLISECONDS.toNanos(40));
    levels.late(TimeUnit.MILLISECONDS.toNanos(2));
    assertThat(exposition.text()).contains("peerhub_loop_lag_seconds 0.04\n");
    now.addAndGet(TimeUnit.SECONDS.toNanos(11));
    assertThat(exposition.text()).contains("peerhub_loop_lag_seconds 0.0\n");
    levels.late(TimeUnit.MILLISECONDS.toNanos(2));
    assertThat(exposition.text()).contains("peerhub_loop_lag_seconds 0.002\n");
  }
}
