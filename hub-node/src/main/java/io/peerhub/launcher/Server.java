package io.peerhub.launcher;

import io.peerhub.client.ClientSettings;
import io.peerhub.client.Credentials;
import io.peerhub.client.RefusedException;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a command that connects as a peer. */
final class Server {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "${env:HUB_SERVER:-127.0.0.1:37888}",
      description = "the hub, or several in order of priority (HUB_SERVER; ${DEFAULT-VALUE})")
  private List<String> servers;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      defaultValue = "${env:HUB_KEY_FILE}",
      description =
          "this peer's key, as it stands or as hex:..., for a hub with hmac (HUB_KEY_FILE)")
  private Path keyFile;

  /** The settings of a client that connects as {@code peer}. */
  ClientSettings.Builder settings(String peer) {
    if (!Identity.isValid(peer)) {
      throw new ParameterException(
          spec.commandLine(),
          "no identity: " + peer + " (NAME or NAME/DEVICE of A-Z a-z 0-9 ._@-)");
    }
    try {
      ClientSettings.Builder settings = ClientSettings.builder(peer).name("hub");
      servers.forEach(settings::server);
      return settings.credentials(credentials());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  /** What a connection that could not be made comes to. */
  Failure failure(Throwable cause) {
    return cause instanceof RefusedException refusal
        ? Failure.refused(refusal)
        : Failure.noConnection(
            "cannot connect to " + String.join(", ", servers) + ": " + Failure.line(cause), cause);
  }

  private Credentials credentials() {
    if (keyFile == null) {
      return Credentials.none();
    }
    try {
      String key = Files.readString(keyFile).strip();
      return Credentials.hmac(
          key.startsWith("hex:")
              ? HexFormat.of().parseHex(key.substring("hex:".length()))
              : key.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw Failure.failed("cannot read the key in " + keyFile, unreadable);
    }
  }
}
