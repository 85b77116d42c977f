package io.peerhub.launcher;

import io.peerhub.identity.device.DeviceDesk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command is given a key; without them it makes one. */
final class KeyInput {
  private static final int RANDOM_BYTES = 32;
  private static final String HEX = "hex:";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--key",
      paramLabel = "HEX",
      description =
          "the key, at least 32 bytes in hex; others on this machine can see it while this runs,"
              + " so rather use --key-file")
  private String hex;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "a file with the key, as it stands or as hex:...; - reads standard input")
  private String file;

  /** A key, and whether it was made here and has to be told. */
  record Given(byte[] key, boolean isNew) {
    String text() {
      return HEX + HexFormat.of().formatHex(key);
    }

    /** Names no secret. */
    @Override
    public String toString() {
      return "Given[***]";
    }
  }

  Given key() {
    if (hex != null && file != null) {
      throw wrong("--key or --key-file, not both");
    }
    if (hex == null && file == null) {
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      return new Given(random, true);
    }
    byte[] key = hex != null ? parse(hex) : read();
    if (!DeviceDesk.isKey(key)) {
      throw wrong("a key has at least 32 bytes");
    }
    return new Given(key, false);
  }

  private byte[] read() {
    try {
      byte[] bytes =
          file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      return text.startsWith(HEX) ? parse(text) : text.getBytes(StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw Failure.failed("cannot read the key: " + Failure.line(unreadable), unreadable);
    }
  }

  private byte[] parse(String text) {
    try {
      return HexFormat.of().parseHex(text.startsWith(HEX) ? text.substring(HEX.length()) : text);
    } catch (IllegalArgumentException notHex) {
      // Its message would repeat the key.
      throw wrong("the key is not hex");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
