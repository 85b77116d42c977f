package io.peerhub.identity;

import com.typesafe.config.Config;
import java.util.List;

/**
 * The settings under {@code peerhub.permissions}; each key is described in {@code reference.conf}.
 *
 * @param allowsByDefault what holds where no rule speaks
 * @param rules {@code allow|deny WHO VERBS TO}
 */
public record PermissionSettings(boolean allowsByDefault, List<String> rules) {
  public PermissionSettings {
    rules = List.copyOf(rules);
    for (int i = 0; i < rules.size(); i++) {
      try {
        Rule.parse(rules.get(i));
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "peerhub.permissions.rules." + i + " \"" + rules.get(i) + "\": " + wrong.getMessage());
      }
    }
  }

  /** Everybody may do everything, but for what these rules deny. */
  public static PermissionSettings open(String... rules) {
    return new PermissionSettings(true, List.of(rules));
  }

  /** Nobody may do anything, but for what these rules allow. */
  public static PermissionSettings closed(String... rules) {
    return new PermissionSettings(false, List.of(rules));
  }

  /**
   * Reads the block {@code peerhub.permissions}.
   *
   * @param production where nothing is said, production denies and development allows
   */
  public static PermissionSettings from(Config config, boolean production) {
    boolean allows =
        switch (config.getString("default")) {
          case "" -> !production;
          case "allow" -> true;
          case "deny" -> false;
          default ->
              throw new IllegalArgumentException(
                  "peerhub.permissions.default is allow, deny or empty");
        };
    return new PermissionSettings(allows, config.getStringList("rules"));
  }
}
