package io.peerhub.hub;

import io.peerhub.persistence.DatabaseSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** What must not be together: a node with complaints does not start. Pure. */
final class Safety {
  private Safety() {}

  /** Each complaint names the setting that would mend it. */
  static List<String> complaints(HubSettings settings) {
    return switch (settings.mode()) {
      case DEVELOPMENT -> development(settings);
      case PRODUCTION -> production(settings);
    };
  }

  private static List<String> development(HubSettings settings) {
    List<String> complaints = new ArrayList<>();
    if (settings.keysFile().isEmpty() && !isLoopback(settings.connection().host())) {
      complaints.add(
          "development without authentication listens on loopback only: set HUB_HOST to 127.0.0.1,"
              + " or HUB_AUTH to hmac");
    }
    return complaints;
  }

  private static List<String> production(HubSettings settings) {
    List<String> complaints = new ArrayList<>();
    if (settings.keysFile().isEmpty()) {
      complaints.add("production needs authentication: set HUB_AUTH to hmac");
    }
    if (settings.connection().tls().isEmpty() && !settings.connection().allowPlaintext()) {
      complaints.add(
          "production needs TLS: set HUB_TLS_CERT and HUB_TLS_KEY, or HUB_ALLOW_PLAINTEXT where"
              + " something before the hub ends TLS");
    }
    if (settings.database().source() instanceof DatabaseSettings.Embedded) {
      complaints.add("production needs a PostgreSQL server of its own: set HUB_DB_URL");
    }
    return complaints;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }
}
