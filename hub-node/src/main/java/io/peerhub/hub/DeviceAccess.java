package io.peerhub.hub;

import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.identity.proof.PasswordSettings;
import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/**
 * The devices of a hub whose node may run or not: by the database that both use, the embedded one
 * among them, which is started for the time if nobody else has. A running node hears of each change
 * from there.
 */
public final class DeviceAccess implements AutoCloseable {
  private final Database database;
  private final DeviceDesk desk;
  private final PasswordSettings cost;

  private DeviceAccess(Database database, DeviceDesk desk, PasswordSettings cost) {
    this.database = database;
    this.desk = desk;
    this.cost = cost;
  }

  /**
   * Opens the database that a node would use, and waits for it.
   *
   * @param strongest settings that win over the environment's, as {@link HubConfig#load} has them
   * @param founds whether an embedded database is made where there is none
   * @throws IllegalArgumentException if a setting is wrong; says which
   * @throws IOException if there is no database, or it does not answer; says why
   */
  public static DeviceAccess open(Map<String, ?> strongest, boolean founds) throws IOException {
    HubSettings settings = HubSettings.from(HubConfig.load(strongest));
    if (!founds
        && settings.database().source() instanceof DatabaseSettings.Embedded own
        && !Files.exists(own.directory())) {
      throw new IOException(
          "there is no data of a hub in " + settings.data() + ": say with --data where it is");
    }
    Database database;
    try {
      database = Database.open(settings.database());
    } catch (RuntimeException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
    return new DeviceAccess(
        database,
        new DeviceDesk(database, () -> Entrance.vault(settings)),
        settings.identity().passwords());
  }

  /** What can be done. */
  public DeviceDesk desk() {
    return desk;
  }

  /** What a password costs by the settings. */
  public PasswordSettings passwordCost() {
    return cost;
  }

  @Override
  public void close() {
    database.close();
  }
}
