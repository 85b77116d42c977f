package io.peerhub.launcher;

import com.typesafe.config.ConfigException;
import io.peerhub.hub.DeviceAccess;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command finds the devices of a hub. */
final class DeviceStore {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the node's own files (HUB_DATA); with HUB_DB_URL, that database")
  private String data;

  @Option(names = "--json", description = "one JSON object a line, for programs")
  private boolean isJson;

  /** What a command does there. */
  interface Work {
    void at(DeviceAccess hub) throws SQLException, IOException;
  }

  boolean isJson() {
    return isJson;
  }

  Identity identity(String text) {
    if (!Identity.isValid(text)) {
      throw new ParameterException(
          spec.commandLine(),
          "no identity: " + text + " (NAME or NAME/DEVICE of A-Z a-z 0-9 ._@-)");
    }
    return new Identity(text);
  }

  /** Does it there, whether the node runs or not. */
  void open(boolean founds, Work work) {
    Map<String, String> strongest = data == null ? Map.of() : Map.of("peerhub.data", data);
    try (DeviceAccess access = DeviceAccess.open(strongest, founds)) {
      work.at(access);
    } catch (ConfigException | IllegalArgumentException wrong) {
      throw Failure.failed("settings: " + Failure.line(wrong), wrong);
    } catch (SQLException away) {
      throw Failure.failed("the database did not do it: " + Failure.line(away), away);
    } catch (IOException failed) {
      throw Failure.failed(Failure.line(failed), failed);
    }
  }

  /** There is no such device. */
  static Failure unknown(Identity identity) {
    return Failure.failed("there is no device " + identity, null);
  }
}
