package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import io.peerhub.telemetry.ProcessFact;
import io.peerhub.telemetry.Rates;
import java.io.IOException;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /stats}: the node in a few numbers, rates over the last ten seconds. */
final class StatsPage {
  private static final double MIB = 1024 * 1024;

  private final AdminView view;
  private final Rates rates;

  StatsPage(AdminView view, Rates rates) {
    this.view = view;
    this.rates = rates;
  }

  HttpResponse answer() {
    return Answer.json(
        200,
        json -> {
          json.writeStringField("node", view.node());
          json.writeNumberField("uptime_s", (long) ProcessFact.UPTIME_SECONDS.now());
          writeLive(json);
          writeRates(json);
          double bytes = ProcessFact.RESIDENT_BYTES.now();
          json.writeNumberField("memory_mb", JsonText.rounded(bytes / MIB));
          writeTotals(json);
        });
  }

  private void writeLive(JsonGenerator json) throws IOException {
    json.writeNumberField("connections", view.ledger().live(Resource.SOCKET));
    json.writeNumberField("sessions", view.ledger().live(Resource.SESSION));
    json.writeNumberField("peers", view.ledger().live(Resource.PEER));
  }

  private void writeRates(JsonGenerator json) throws IOException {
    Rates.Reading reading = rates.reading();
    json.writeNumberField("msg_per_sec", JsonText.rounded(reading.messagesPerSecond()));
    json.writeNumberField("delivered_per_sec", JsonText.rounded(reading.deliveriesPerSecond()));
    json.writeNumberField("error_rate", JsonText.rounded(reading.errorRate()));
    if (reading.latencyP99Millis().isPresent()) {
      double millis = reading.latencyP99Millis().getAsDouble();
      json.writeNumberField("latency_p99_ms", Math.round(millis * 1000) / 1000.0);
    } else {
      json.writeNullField("latency_p99_ms");
    }
  }

  private void writeTotals(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("totals");
    for (Meter meter : Meter.values()) {
      json.writeNumberField(lower(meter), view.meters().sum(meter));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("dropped");
    for (Drop reason : Drop.values()) {
      json.writeNumberField(lower(reason), view.meters().sum(reason));
    }
    json.writeEndObject();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
