package io.peerhub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code k8s/monitoring} ask only for what a scrape says. */
class MonitoringFilesTest {
  private static final Path MONITORING = Path.of("..", "k8s", "monitoring");
  private static final Pattern SERIES = Pattern.compile("peerhub_[a-z0-9_]+");

  @ParameterizedTest
  @ValueSource(strings = {"alerts.yaml", "dashboard.json"})
  void everySeriesIsServed(String file) throws IOException {
    Set<String> asked = names(Files.readString(MONITORING.resolve(file)));
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(served()).containsAll(asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dashboard.json"})
  void theDashboardIsJsonAndItsPanelsAsk(String file) throws IOException {
    List<String> expressions = new ArrayList<>();
    try (JsonParser in = new JsonFactory().createParser(MONITORING.resolve(file).toFile())) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.VALUE_STRING && "expr".equals(in.currentName())) {
          expressions.add(in.getText());
        }
      }
    }
    assertThat(expressions).hasSizeGreaterThan(15).allMatch(text -> text.contains("peerhub_"));
  }

  private static Set<String> served() {
    Meters meters = new Meters();
    Rates rates = new Rates(meters, new LatencySample(), System::nanoTime);
    String scrape =
        new Exposition(meters, new Ledger(), new Levels(System::nanoTime), rates).text();
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = SERIES.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }
}
