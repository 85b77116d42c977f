package io.peerhub.testing.hub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node of a test is told beyond the defaults of development mode. Ports are free ones unless
 * they are set.
 *
 * @param databaseUrl JDBC URL of its PostgreSQL; it goes through the environment, since it holds a
 *     password. Empty: the node's own embedded one
 * @param settings names of {@code reference.conf} and their values
 * @param jvmOptions for its JVM
 */
public record NodeSettings(
    String databaseUrl, Map<String, String> settings, List<String> jvmOptions) {
  /** A heap that leaves room for others on the machine, and is enough for a test's load. */
  private static final List<String> SMALL = List.of("-Xmx384m");

  public NodeSettings {
    settings = Map.copyOf(settings);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** A node on this database. */
  public static NodeSettings on(String databaseUrl) {
    return new NodeSettings(databaseUrl, Map.of(), SMALL);
  }

  /** The same with one more setting, by its full name: {@code peerhub.session.resume-window}. */
  public NodeSettings with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(name, value);
    return new NodeSettings(databaseUrl, more, jvmOptions);
  }

  public NodeSettings withJvmOptions(String... options) {
    return new NodeSettings(databaseUrl, settings, List.of(options));
  }

  /** As arguments of {@code up}; those that are set win over these ports. */
  List<String> arguments(int port, int httpPort) {
    Map<String, String> all = new TreeMap<>();
    all.put("peerhub.connection.port", Integer.toString(port));
    all.put("peerhub.http.port", Integer.toString(httpPort));
    all.putAll(settings);
    return all.entrySet().stream()
        .map(setting -> "--set=" + setting.getKey() + "=" + setting.getValue())
        .toList();
  }

  Map<String, String> environment() {
    return databaseUrl.isEmpty() ? Map.of() : Map.of("HUB_DB_URL", databaseUrl);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "NodeSettings[" + settings + ", " + jvmOptions + "]";
  }
}
