package io.peerhub.persistence;

import static io.peerhub.Patience.PATIENCE;

import java.time.Duration;

/** Settings under which nothing is given up that a slow machine would still bring. */
public final class PatientSettings {
  private PatientSettings() {}

  /** Those of a node but for its times. */
  public static DatabaseSettings of(DatabaseSettings.Source source) {
    return of(source, DatabaseSettings.of(source).termsWaitingMax());
  }

  static DatabaseSettings of(DatabaseSettings.Source source, int termsWaitingMax) {
    Duration socket = PATIENCE.multipliedBy(2);
    return new DatabaseSettings(
        source,
        DatabaseSettings.of(source).poolMax(),
        PATIENCE,
        PATIENCE,
        PATIENCE,
        socket,
        PATIENCE,
        termsWaitingMax);
  }
}
