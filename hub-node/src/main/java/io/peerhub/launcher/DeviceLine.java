package io.peerhub.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.peerhub.identity.device.Device;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A device in one line. */
final class DeviceLine {
  private static final String ROW = "%-32s %-9s %4s %-20s %-16s %-20s %s";
  private static final JsonFactory JSON = new JsonFactory();

  private DeviceLine() {}

  static String head() {
    return ROW.formatted("DEVICE", "STATUS", "KEYS", "LAST SEEN", "ADDRESS", "CLIENT", "LABELS");
  }

  /** For people. */
  static String row(Device device) {
    return ROW.formatted(
            device.identity(),
            word(device.status()),
            device.keyCount() + (device.hasPassword() ? "+p" : ""),
            device.seen().map(seen -> text(seen.last())).orElse("never"),
            device.seen().map(seen -> Printable.of(seen.address())).orElse("-"),
            device.seen().map(seen -> Printable.of(seen.client())).orElse("-"),
            device.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> Printable.of(label.getKey() + "=" + label.getValue()))
                .collect(Collectors.joining(",")))
        .stripTrailing();
  }

  /**
   * For programs.
   *
   * @param secret a key or password that was made just now; null if none was
   */
  static String json(Device device, String secret) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("identity", device.identity().text());
      json.writeStringField("status", word(device.status()));
      json.writeNumberField("keys", device.keyCount());
      json.writeBooleanField("password", device.hasPassword());
      json.writeObjectFieldStart("labels");
      for (Map.Entry<String, String> label : new TreeMap<>(device.labels()).entrySet()) {
        json.writeStringField(label.getKey(), label.getValue());
      }
      json.writeEndObject();
      if (device.seen().isPresent()) {
        seen(json, device.seen().get());
      }
      if (secret != null) {
        json.writeStringField("secret", secret);
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a string takes everything", impossible);
    }
    return text.toString();
  }

  private static void seen(JsonGenerator json, Device.Seen seen) throws IOException {
    json.writeStringField("first_seen", seen.first().toString());
    json.writeStringField("last_seen", seen.last().toString());
    json.writeStringField("address", seen.address());
    json.writeStringField("client", seen.client());
    json.writeNumberField("version", seen.version());
  }

  static String word(Device.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
