package io.peerhub.hub;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where settings come from, the strongest first: the caller's (the command line), system
 * properties, the file named by {@code HUB_CONFIG}, {@code pekko.conf}, {@code reference.conf} with
 * its environment overrides.
 */
public final class HubConfig {
  private HubConfig() {}

  /** All settings of a node. */
  public static Config load(Map<String, ?> strongest) {
    String file = System.getenv("HUB_CONFIG");
    Config own =
        file == null || file.isEmpty()
            ? ConfigFactory.empty()
            : ConfigFactory.parseFile(
                Path.of(file).toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    return ConfigFactory.parseMap(strongest, "the command line")
        .withFallback(ConfigFactory.defaultOverrides())
        .withFallback(own)
        .withFallback(ConfigFactory.parseResources(HubConfig.class.getClassLoader(), "pekko.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }
}
