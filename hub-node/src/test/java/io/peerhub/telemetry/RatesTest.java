package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import org.junit.jupiter.api.Test;

class RatesTest {
  private long now = 5_000_000_000L;
  private final Meters meters = new Meters();
  private final LatencySample latency = new LatencySample();
  private final Rates rates = new Rates(meters, latency, () -> now);

  @Test
  void beforeTheFirstSampleNothingHappened() {
    assertThat(rates.reading().messagesPerSecond()).isZero();
    assertThat(rates.reading().latencyP99Millis()).isEmpty();
  }

  @Test
  void aRateIsOverTheLastTenSeconds() {
    meters.add(Meter.ACCEPTED, 100);
    seconds(1);
    assertThat(rates.reading().messagesPerSecond()).isEqualTo(100);
    seconds(4);
    assertThat(rates.reading().messagesPerSecond()).isEqualTo(20);
    seconds(10);
    assertThat(rates.reading().messagesPerSecond()).isZero();
  }

  @Test
  void theErrorRateIsTheShareOfWhatWasAsked() {
    meters.add(Meter.ACCEPTED, 9);
    meters.refused(Refusal.TOO_FAST);
    meters.dropped(Drop.OFFLINE, 1);
    seconds(1);
    assertThat(rates.reading().errorRate()).isEqualTo(0.2);
  }

  @Test
  void dropsOfOlderMessagesNeverMakeMoreThanAll() {
    meters.dropped(Drop.EXPIRED, 50);
    seconds(1);
    assertThat(rates.reading().errorRate()).isEqualTo(1);
  }

  @Test
  void theLatencyForgetsWhatIsOlder() {
    latency.record(80_000_000);
    seconds(1);
    assertThat(rates.reading().latencyP99Millis().orElseThrow()).isEqualTo(80, within(10.0));
    for (int i = 0; i < 12; i++) {
      latency.record(1_000_000);
      seconds(1);
    }
    assertThat(rates.reading().latencyP99Millis().orElseThrow()).isEqualTo(1, within(0.125));
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      now += 1_000_000_000L;
      rates.sample();
    }
  }
}
