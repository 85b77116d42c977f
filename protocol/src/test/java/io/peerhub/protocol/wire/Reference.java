package io.peerhub.protocol.wire;

import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.Vectors.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders the parts of {@code protocol/README.md} that stand between marks: from the catalogue of
 * refusals, the schema with its comments, the limits, and the golden vectors.
 */
final class Reference {
  static final Path FILE = Path.of("README.md");

  private static final Path SCHEMA = Path.of("src/main/proto/peerhub.proto");
  private static final Pattern PART =
      Pattern.compile(
          "(<!-- rendered: ([a-z ]+) -->\n).*?(<!-- end of rendered -->)", Pattern.DOTALL);
  private static final Pattern MESSAGE =
      Pattern.compile("^message (\\w+) \\{\n(.*?)\n\\}", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern DECLARATION =
      Pattern.compile("^ +([\\w<>, ]+) (\\w+) = \\d+; +// (.*)$", Pattern.MULTILINE);
  private static final int EXAMPLES_MAX = 9;

  private final String schema;

  Reference() {
    schema = read(SCHEMA);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same text with every part between marks made anew. */
  String rendered(String text) {
    return PART.matcher(text)
        .replaceAll(
            part -> Matcher.quoteReplacement(part.group(1) + part(part.group(2)) + part.group(3)));
  }

  private String part(String name) {
    return switch (name) {
      case "framing" -> framing();
      case "handshake" -> handshake();
      case "refusals" -> refusals();
      case "limits" -> limits();
      default -> frame(Shape.named(name.substring("frame ".length())));
    };
  }

  private static String framing() {
    Vector send = example("send").findFirst().orElseThrow();
    byte[] frame = send.hex("binary");
    String binary = HexFormat.ofDelimiter(" ").formatHex(frame);
    return "```\n%s\n%02x %s\n```\n".formatted(send.text("json"), frame.length, binary);
  }

  private static String handshake() {
    Vector vector = Vectors.read("handshake.json").getFirst();
    String rows =
        Stream.of("key", "peer", "hubNonce", "peerNonce", "peerMac", "hubMac")
            .map(name -> "%-9s = %s\n".formatted(name, vector.text(name)))
            .collect(Collectors.joining());
    return "```\n" + rows + "```\n";
  }

  private static String refusals() {
    Map<String, Vector> examples =
        Vectors.read("refusals.json").stream().collect(Collectors.toMap(Vector::name, v -> v));
    return "\n| code | name in Java | what it means | for example |\n|---|---|---|---|\n"
        + Stream.of(Refusal.values())
            .map(refusal -> row(refusal, examples.get(refusal.name())))
            .collect(Collectors.joining())
        + "\n";
  }

  private static String row(Refusal refusal, Vector example) {
    return "| %d | `%s` | %s | `%s` |\n"
        .formatted(refusal.code(), refusal, refusal.reason(), example.text("json"));
  }

  private static String limits() {
    return """

    | what | at most | past it |
    |---|---|---|
    | a frame, before `welcome` | 8 KiB | 1002, fatal |
    | a frame, after it | `welcome.maxFrame`, without prefix or newline | 1002, fatal |
    | nesting of a JSON frame, itself counted | %d levels, %d of them for a `json` body | 1005 |
    | a key in JSON | %d characters | 1005 |
    | a number in JSON | %d characters | 1005 |
    | an id, and `re` | %d bytes | 1005 |
    | entries of a list or a map | %,d | 1005 |

    """
        .formatted(
            StrictJson.DEPTH_MAX,
            StrictJson.DEPTH_MAX - StrictJson.ENVELOPE_DEPTH,
            StrictJson.NAME_MAX,
            StrictJson.NUMBER_MAX,
            Draft.ID_MAX,
            Draft.ENTRIES_MAX);
  }

  private String frame(Shape shape) {
    return fields(shape) + parts(shape) + "\n```\n" + examples(shape.kind) + "```\n";
  }

  /** The tables of the messages inside of this one. */
  private String parts(Shape shape) {
    return switch (shape) {
      case HELLO -> "\n`resume` is\n" + fields(Shape.RESUME);
      case PRESENCE -> "\nEach of `members` is\n" + fields(Shape.MEMBER);
      default -> "";
    };
  }

  private String fields(Shape shape) {
    String rows =
        Stream.of(shape.fields).map(field -> row(shape, field)).collect(Collectors.joining());
    return "\n| field | number | type | |\n|---|---|---|---|\n" + rows;
  }

  private String row(Shape shape, Field field) {
    for (Matcher message = MESSAGE.matcher(schema); message.find(); ) {
      if (message.group(1).equalsIgnoreCase(shape.kind)) {
        for (Matcher line = DECLARATION.matcher(message.group(2)); line.find(); ) {
          if (line.group(2).equals(field.schemaName())) {
            return "| `%s` | %d | `%s` | %s |\n"
                .formatted(field.name(), field.number(), line.group(1).strip(), line.group(3));
          }
        }
      }
    }
    throw new IllegalStateException("no comment in the schema for " + shape + " " + field.name());
  }

  private static String examples(String kind) {
    return example(kind)
        .map(vector -> vector.text("json") + "\n")
        .distinct()
        .limit(EXAMPLES_MAX)
        .collect(Collectors.joining());
  }

  private static Stream<Vector> example(String kind) {
    return List.of("frames-from-peer.json", "frames-from-hub.json").stream()
        .flatMap(file -> Vectors.read(file).stream())
        .filter(vector -> vector.text("json").startsWith("{\"" + kind + "\":"));
  }
}
