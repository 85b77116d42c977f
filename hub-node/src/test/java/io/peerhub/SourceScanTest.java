package io.peerhub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What neither the compiler nor the bytecode shows; each ban names its replacement. */
class SourceScanTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SWITCH = Pattern.compile("\\bswitch \\(");

  /** A case that names a type: {@code case Attach attach ->} or {@code case Peer.Attach(...)}. */
  private static final Pattern TYPE_CASE =
      Pattern.compile("\\bcase [A-Z][\\w.]*(\\(| \\w+ (->|when\\b))");

  @Test
  void theScanSeesTheSourcesOfEveryModule() throws IOException {
    for (String module : List.of("protocol", "persistence", "hub-node")) {
      assertThat(sources("main")).anyMatch(file -> file.startsWith(ROOT.resolve(module)));
    }
    assertThat(sources("test")).contains(file(SourceScanTest.class));
  }

  @Test
  void aSwitchOverTheTypesOfAProtocolIsTotal() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources("main")) {
      String text = Files.readString(file);
      Matcher head = SWITCH.matcher(text);
      while (head.find()) {
        String cases = ownLevel(text, text.indexOf('{', head.end()));
        if (TYPE_CASE.matcher(cases).find() && cases.contains("default ->")) {
          found.add(at(file, text, head.start()));
        }
      }
    }
    assertThat(found)
        .as("`default ->` beside type cases: name every type, so that a new one fails to compile")
        .isEmpty();
  }

  @Test
  void namesSayTheRole() throws IOException {
    assertNone(
        "main",
        "\\b(record|class|interface|enum) \\w*(Cmd|Impl|Manager|Utils?|Helper)\\b",
        "a message is a record in the actor's Command, a class is named for its role, and what"
            + " helps lives beside its only user");
  }

  @Test
  void testsWaitOnACondition() throws IOException {
    assertNoneInTests(
        "\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\(|\\bpark(Nanos|Until)\\(",
        "Patience.await() for what has to come; for what must not, say something behind it on the"
            + " same path and look then (ActorKit.expectNothing); time by hand (ActorKit.pass, an"
            + " injected clock); a ScheduledExecutorService for a rhythm");
  }

  @Test
  void testsHaveOneDeadline() throws IOException {
    assertNoneInTests(
        "import static org\\.awaitility\\.|\\bAwaitility\\.await\\(|\\.atMost\\(",
        "Patience.await() and Patience.PATIENCE of the module: a local deadline is a guess at the"
            + " speed of a machine");
  }

  @Test
  void testsMeasureNoTime() throws IOException {
    assertNoneInTests(
        "\\bgetCurrentThread(Cpu|User)Time\\b|\\bassertTimeout(?:Preemptively)?\\b",
        "a count of what is done (calls, rows, bytes, allocations), or a benchmark by hand",
        // Two inputs in turns, whose costs are compared by a generous factor.
        "HostileInputTest.java",
        // What tries all combinations would never end: nothing but the one deadline shows that.
        "PermissionsTest.java");
  }

  @Test
  void settingsAreReadInTheirRecordsOnly() throws IOException {
    List<String> found =
        found("main", "\\.get(Int|Long|String|Duration|Boolean|Bytes)\\(\\s*\"").stream()
            .filter(place -> !place.contains("Settings.java:"))
            // The rows of a query are read by name too.
            .filter(place -> !place.startsWith("persistence/"))
            .toList();
    for (Path file : sources("main")) {
      if (file.startsWith(ROOT.resolve("persistence"))) {
        assertThat(Files.readString(file)).doesNotContain("com.typesafe.config");
      }
    }
    assertThat(found).as("a key is read once: in the from(Config) of a settings record").isEmpty();
  }

  private static void assertNone(String tree, String ban, String replacement) throws IOException {
    assertThat(found(tree, ban)).as(replacement).isEmpty();
  }

  /** Benchmarks measure, and nothing asserts what they find. */
  private static void assertNoneInTests(String ban, String replacement, String... but)
      throws IOException {
    List<String> allowed = new ArrayList<>(List.of(but));
    allowed.add("Patience.java");
    assertThat(found("test", ban))
        .filteredOn(place -> !place.contains("/bench/") && !place.contains("Benchmark.java:"))
        .filteredOn(place -> allowed.stream().noneMatch(file -> place.contains("/" + file + ":")))
        .as(replacement)
        .isEmpty();
  }

  private static List<String> found(String tree, String ban) throws IOException {
    Pattern pattern = Pattern.compile(ban);
    List<String> found = new ArrayList<>();
    for (Path file : sources(tree)) {
      String text = Files.readString(file);
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        found.add(at(file, text, matcher.start()));
      }
    }
    return found;
  }

  /** The text between a brace and its end, without what stands in deeper braces. */
  private static String ownLevel(String text, int open) {
    StringBuilder level = new StringBuilder();
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        break;
      }
      if (depth == 1) {
        level.append(c);
      }
    }
    return level.toString();
  }

  private static String at(Path file, String text, int index) {
    long line = text.substring(0, index).lines().count();
    return ROOT.relativize(file) + ":" + Math.max(1, line);
  }

  private static Path file(Class<?> test) {
    return ROOT.resolve("hub-node/src/test/java/" + test.getName().replace('.', '/') + ".java");
  }

  private static List<Path> sources(String tree) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> roots = modules.map(m -> m.resolve("src/" + tree)).filter(Files::exists).toList();
      List<Path> files = new ArrayList<>();
      for (Path root : roots) {
        try (Stream<Path> walk = Files.walk(root)) {
          walk.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
        }
      }
      return files;
    }
  }
}
