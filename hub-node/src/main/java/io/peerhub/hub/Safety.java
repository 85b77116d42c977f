package io.peerhub.hub;

import io.peerhub.persistence.DatabaseSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What must not be together: a node with complaints does not start. Pure. */
final class Safety {
  private Safety() {}

  /** Each complaint names the setting that would mend it. */
  static List<String> complaints(HubSettings settings, Circumstances around) {
    return switch (settings.mode()) {
      case DEVELOPMENT -> development(settings);
      case PRODUCTION -> production(settings, around);
    };
  }

  private static List<String> development(HubSettings settings) {
    List<String> complaints = new ArrayList<>();
    if (settings.identity().isOpen() && !isLoopback(settings.connection().host())) {
      complaints.add(
          "development without authentication listens on loopback only: set HUB_HOST to 127.0.0.1,"
              + " or HUB_AUTH to hmac");
    }
    return complaints;
  }

  private static List<String> production(HubSettings settings, Circumstances around) {
    List<String> complaints = new ArrayList<>();
    if (settings.identity().isOpen()) {
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
    if (!around.masterKey()) {
      complaints.add(
          "production needs a master key, which seals the keys of devices: set HUB_MASTER_KEY_FILE"
              + " or HUB_MASTER_KEY");
    }
    switch (around.role()) {
      case Circumstances.Role.Ordinary ordinary -> {}
      case Circumstances.Role.Superuser superuser ->
          complaints.add(
              "production needs a database role that is no superuser: name another in HUB_DB_URL");
      case Circumstances.Role.Unknown unknown ->
          complaints.add(
              "the database of HUB_DB_URL cannot be asked what its role may do: " + unknown.why());
    }
    for (Path file : around.exposed()) {
      complaints.add("every account of this machine can get at a secret: chmod 600 " + file);
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
