package io.peerhub.hub;

import io.peerhub.identity.device.SecretFile;
import io.peerhub.persistence.DatabaseRole;
import io.peerhub.persistence.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a node finds around it before it starts, as far as its safety depends on that.
 *
 * @param masterKey whether there is a master key
 * @param exposed files with secrets that every account of the machine can get at
 * @param role what the role of the database is
 */
record Circumstances(boolean masterKey, List<Path> exposed, Role role) {
  /** Of the role that the database URL names. */
  sealed interface Role {
    /** It may do what the hub needs, or more, but not everything. */
    record Ordinary() implements Role {}

    /** It may do everything. */
    record Superuser() implements Role {}

    /** The server did not say. */
    record Unknown(String why) implements Role {}
  }

  /** Looks around; only production has to, and it may have to wait for the database. */
  static Circumstances of(HubSettings settings) {
    if (settings.mode() == HubSettings.Mode.DEVELOPMENT) {
      return new Circumstances(true, List.of(), new Role.Ordinary());
    }
    return new Circumstances(
        Entrance.masterKeyOfEnvironment().isPresent()
            || Files.exists(settings.identity().masterKeyFile()),
        exposed(settings),
        role(settings.database()));
  }

  private static List<Path> exposed(HubSettings settings) {
    List<Path> exposed = new ArrayList<>();
    Stream.of(
            settings.identity().keysFile(),
            settings.identity().tokens().map(tokens -> tokens.keysFile()),
            settings.connection().tls().map(tls -> tls.key()),
            Optional.of(settings.identity().masterKeyFile()))
        .flatMap(Optional::stream)
        .filter(Circumstances::isExposed)
        .forEach(exposed::add);
    return exposed;
  }

  private static boolean isExposed(Path file) {
    try {
      return Files.exists(file) && SecretFile.isExposed(file);
    } catch (IOException unreadable) {
      // Whoever reads it says so.
      return false;
    }
  }

  private static Role role(DatabaseSettings database) {
    return switch (database.source()) {
      case DatabaseSettings.Embedded own -> new Role.Ordinary();
      case DatabaseSettings.External external -> {
        try {
          yield DatabaseRole.isSuperuser(database, external)
              ? new Role.Superuser()
              : new Role.Ordinary();
        } catch (SQLException away) {
          yield new Role.Unknown(away.getMessage());
        }
      }
    };
  }
}
