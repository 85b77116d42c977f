package io.peerhub.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Levels.Store;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.End;
import io.peerhub.telemetry.Meters.Meter;
import io.peerhub.telemetry.Meters.Span;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.Locale;

/**
 * Everything that is counted, as Prometheus reads it: {@code peerhub_*}.
 *
 * <p>All series are registered here, once, from enums; a scrape only reads. Their number is the
 * same however many peers come.
 */
public final class Exposition {
  /** The media type of {@link #text}. */
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String PREFIX = "peerhub.";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public Exposition(Meters meters, Ledger ledger, Levels levels, Rates rates) {
    counters(meters);
    for (Span span : Span.values()) {
      registry.getPrometheusRegistry().register(collector(span, meters.histogram(span)));
    }
    for (Resource resource : Resource.values()) {
      bind(ledger, resource);
    }
    for (Store store : Store.values()) {
      Gauge.builder(PREFIX + "store.bytes", levels, l -> l.used(store))
          .description("Bytes in what is bounded")
          .tag("store", label(store))
          .register(registry);
      Gauge.builder(PREFIX + "store.max.bytes", levels, l -> l.max(store))
          .description("Its limit")
          .tag("store", label(store))
          .register(registry);
    }
    for (ProcessFact fact : ProcessFact.values()) {
      Gauge.builder(PREFIX + "process." + dotted(fact), fact, ProcessFact::now).register(registry);
    }
    Gauge.builder(PREFIX + "loop.lag.seconds", levels, Levels::worstLagSeconds)
        .description("How late the latest of the event loops was, in the last ten seconds")
        .register(registry);
    Gauge.builder(PREFIX + "latency.p99.seconds", rates, Exposition::p99Seconds)
        .description("Time inside the hub over the last ten seconds, one message in 256 sampled")
        .register(registry);
  }

  private void counters(Meters meters) {
    for (Meter meter : Meter.values()) {
      FunctionCounter.builder(name(meter), meters, m -> m.sum(meter)).register(registry);
    }
    for (Drop reason : Drop.values()) {
      FunctionCounter.builder(PREFIX + "dropped", meters, m -> m.sum(reason))
          .tag("reason", label(reason))
          .register(registry);
    }
    for (Refusal refusal : Refusal.values()) {
      FunctionCounter.builder(PREFIX + "refused", meters, m -> m.sum(refusal))
          .tag("code", Integer.toString(refusal.code()))
          .tag("refusal", label(refusal))
          .register(registry);
    }
    for (End reason : End.values()) {
      FunctionCounter.builder(PREFIX + "connections.ended", meters, m -> m.sum(reason))
          .tag("reason", label(reason))
          .register(registry);
    }
  }

  /** One scrape. */
  public String text() {
    return registry.scrape();
  }

  private static Collector collector(Span span, Histogram histogram) {
    return () ->
        HistogramSnapshot.builder()
            .name("peerhub_" + label(span) + "_seconds")
            .dataPoint(
                HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(histogram.bounds(), histogram.counts()))
                    .sum(histogram.sumSeconds())
                    .build())
            .build();
  }

  private void bind(Ledger ledger, Resource resource) {
    String label = label(resource);
    FunctionCounter.builder(PREFIX + "opened", ledger, l -> l.openedCount(resource))
        .tag("resource", label)
        .register(registry);
    FunctionCounter.builder(PREFIX + "closed", ledger, l -> l.closedCount(resource))
        .tag("resource", label)
        .register(registry);
    Gauge.builder(PREFIX + "live", ledger, l -> l.live(resource))
        .tag("resource", label)
        .register(registry);
  }

  private static double p99Seconds(Rates rates) {
    return rates.reading().latencyP99Millis().orElse(Double.NaN) / 1e3;
  }

  private static String name(Meter meter) {
    return PREFIX + dotted(meter);
  }

  private static String dotted(Enum<?> constant) {
    return label(constant).replace('_', '.');
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
