package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings files say what an operator needs to know, and set nothing that does not exist. */
class ReferenceTest {
  private static final Pattern KEY = Pattern.compile("\\s+([a-z-]+) = (?!\\$\\{\\?)(.+)");
  private static final Pattern OVERRIDE =
      Pattern.compile("\\s+([a-z-]+) = \\$\\{\\?(HUB_[A-Z_]+)}");

  @Test
  void everySettingHasASentenceAboveIt() throws IOException {
    List<String> lines = settings();
    List<String> without = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (KEY.matcher(lines.get(i)).matches() && !paragraphBegins(lines, i).startsWith("#")) {
        without.add(lines.get(i).strip());
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void everySettingButListsHasAnEnvironmentVariableOfItsOwn() throws IOException {
    List<String> lines = settings();
    List<String> without = new ArrayList<>();
    List<String> variables = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher key = KEY.matcher(lines.get(i));
      if (!key.matches() || key.group(2).startsWith("[")) {
        continue;
      }
      Matcher override = OVERRIDE.matcher(lines.get(i + 1));
      if (override.matches() && override.group(1).equals(key.group(1))) {
        variables.add(override.group(2));
      } else {
        without.add(key.group(1));
      }
    }
    assertThat(without).isEmpty();
    assertThat(variables).doesNotHaveDuplicates().contains("HUB_PORT", "HUB_DB_URL", "HUB_AUTH");
  }

  @Test
  void whatIsSetOfPekkoExistsThere() {
    Config pekko = ConfigFactory.defaultReference();
    Config ours =
        ConfigFactory.parseResources(HubConfig.class.getClassLoader(), "pekko.conf")
            .resolveWith(pekko);

    // Serializers and what they are for are tables that a program adds to: its names are its own.
    assertThat(ours.entrySet())
        .isNotEmpty()
        .filteredOn(set -> !set.getKey().startsWith("pekko.actor.seriali"))
        .allSatisfy(set -> assertThat(pekko.hasPathOrNull(set.getKey())).as(set.getKey()).isTrue());
  }

  @Test
  void theDefaultsAreValidAndSafe() {
    HubSettings defaults = HubSettings.from(HubConfig.load(Map.of()));
    assertThat(Safety.complaints(defaults, Circumstances.of(defaults))).isEmpty();
  }

  @Test
  void theHubsValuesWinOverPekkosAndTheCallersOverBoth() {
    assertThat(HubConfig.load(Map.of()).getString("pekko.actor.provider")).isEqualTo("cluster");
    assertThat(HubConfig.load(Map.of("pekko.loglevel", "DEBUG")).getString("pekko.loglevel"))
        .isEqualTo("DEBUG");
    assertThat(HubConfig.load(Map.of("peerhub.cluster.seed-nodes.0", "a")))
        .extracting(all -> all.getStringList("peerhub.cluster.seed-nodes"))
        .isEqualTo(List.of("a"));
  }

  /** The part of the file that an operator may change: before the dispatchers. */
  private static List<String> settings() throws IOException {
    try (InputStream file = HubConfig.class.getResourceAsStream("/reference.conf")) {
      List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(0, lines.indexOf("}"));
    }
  }

  /** The first line of the block of lines, without an empty one between, that a line stands in. */
  private static String paragraphBegins(List<String> lines, int index) {
    int first = index;
    while (!lines.get(first - 1).isBlank() && !lines.get(first - 1).endsWith("{")) {
      first--;
    }
    return lines.get(first).strip();
  }
}
