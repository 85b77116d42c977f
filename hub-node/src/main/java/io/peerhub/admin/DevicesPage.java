package io.peerhub.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /devices?after=IDENTITY&limit=N&status=S}: who may connect, in the order of the names;
 * {@code /devices/IDENTITY}: one of them; and what is done to it. The database is waited for by
 * threads that may; if it does not answer, 503.
 */
final class DevicesPage {
  private static final int LIMIT_DEFAULT = 100;
  private static final Logger LOG = LoggerFactory.getLogger(DevicesPage.class);
  private static final Executor WAITING =
      task -> Thread.ofVirtual().name("admin-devices").start(task);

  private final Supplier<DeviceDesk> desk;

  DevicesPage(Supplier<DeviceDesk> desk) {
    this.desk = desk;
  }

  CompletionStage<HttpResponse> list(Call call) throws Page.BadCall {
    String after = call.identity("after");
    int limit = call.number("limit", LIMIT_DEFAULT, DeviceDesk.PAGE_MAX);
    Optional<Device.Status> status = call.constant("status", Device.Status.class);
    Optional<Identity> last = after.isEmpty() ? Optional.empty() : Optional.of(new Identity(after));
    return asked(devices -> show(devices.page(last, limit, status), limit));
  }

  CompletionStage<HttpResponse> one(Call call) throws Page.BadCall {
    Identity identity = call.identity();
    return asked(devices -> show(devices.find(identity)));
  }

  /** Lets the device in, or shuts it out. */
  CompletionStage<HttpResponse> set(Call call, Device.Status status) throws Page.BadCall {
    Identity identity = call.identity();
    return asked(
        devices -> {
          if (devices.set(identity, status)) {
            LOG.info("an operator has set device {} to {}", identity, Call.lower(status));
          }
          return show(devices.find(identity));
        });
  }

  private interface Question {
    HttpResponse answer(DeviceDesk devices) throws SQLException;
  }

  private CompletionStage<HttpResponse> asked(Question question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return question.answer(desk.get());
          } catch (SQLException away) {
            LOG.warn("the devices cannot be asked for: {}", away.getMessage());
            return Answer.unavailable();
          }
        },
        WAITING);
  }

  private static HttpResponse show(Optional<Device> device) {
    return device
        .map(found -> Answer.json(200, json -> write(json, found)))
        .orElseGet(() -> Answer.notFound("There is no such device."));
  }

  private static HttpResponse show(List<Device> devices, int limit) {
    return Answer.json(
        200,
        json -> {
          json.writeArrayFieldStart("devices");
          for (Device device : devices) {
            json.writeStartObject();
            write(json, device);
            json.writeEndObject();
          }
          json.writeEndArray();
          String next = devices.size() < limit ? null : devices.getLast().identity().text();
          json.writeStringField("next", next);
        });
  }

  private static void write(JsonGenerator json, Device device) throws IOException {
    json.writeStringField("identity", device.identity().text());
    json.writeStringField("status", Call.lower(device.status()));
    json.writeNumberField("keys", device.keyCount());
    json.writeBooleanField("password", device.hasPassword());
    json.writeObjectFieldStart("labels");
    for (Map.Entry<String, String> label : new TreeMap<>(device.labels()).entrySet()) {
      json.writeStringField(label.getKey(), label.getValue());
    }
    json.writeEndObject();
    if (device.seen().isPresent()) {
      Device.Seen seen = device.seen().get();
      json.writeStringField("first_seen", seen.first().toString());
      json.writeStringField("last_seen", seen.last().toString());
      json.writeStringField("address", seen.address());
      json.writeStringField("client", seen.client());
      json.writeNumberField("version", seen.version());
    }
  }
}
