package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Levels.Store;
import io.peerhub.telemetry.Meters.Meter;
import io.peerhub.telemetry.ProcessFact;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /resources}: everything that has to be closed again, by kind: opened, closed, live, the
 * age of the oldest and whose the oldest are; the bytes of every bounded store; the open files; and
 * what the sweeps found.
 */
final class ResourcesPage {
  private static final int OWNERS_MAX = 10;

  private final AdminView view;

  ResourcesPage(AdminView view) {
    this.view = view;
  }

  HttpResponse answer() {
    return Answer.json(
        200,
        json -> {
          json.writeStringField("node", view.node());
          json.writeArrayFieldStart("resources");
          for (Resource resource : Resource.values()) {
            write(json, resource);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("stores");
          for (Store store : Store.values()) {
            write(json, store);
          }
          json.writeEndArray();
          json.writeNumberField("files_open", (long) ProcessFact.FILES_OPEN.now());
          json.writeNumberField("files_max", (long) ProcessFact.FILES_MAX.now());
          json.writeNumberField("sweeps", view.meters().sum(Meter.SWEEPS));
          json.writeNumberField("orphans_reclaimed", view.meters().sum(Meter.ORPHANS_RECLAIMED));
        });
  }

  private void write(JsonGenerator json, Resource resource) throws IOException {
    // Closed before opened: what is opened and closed in between never makes more closed than
    // opened.
    long closed = view.ledger().closedCount(resource);
    long opened = view.ledger().openedCount(resource);
    List<Entry> oldest = view.ledger().oldest(resource, OWNERS_MAX);
    json.writeStartObject();
    json.writeStringField("kind", Call.lower(resource));
    json.writeNumberField("opened", opened);
    json.writeNumberField("closed", closed);
    json.writeNumberField("live", opened - closed);
    if (!oldest.isEmpty()) {
      json.writeNumberField("oldest_ms", TimeUnit.NANOSECONDS.toMillis(oldest.getFirst().age()));
    }
    json.writeArrayFieldStart("owners");
    for (Entry entry : oldest) {
      json.writeString(entry.owner().named());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(JsonGenerator json, Store store) throws IOException {
    json.writeStartObject();
    json.writeStringField("store", Call.lower(store));
    json.writeNumberField("bytes", view.levels().used(store));
    json.writeNumberField("max_bytes", view.levels().max(store));
    json.writeEndObject();
  }
}
