package io.peerhub.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command is given a password: never on its command line. */
final class PasswordInput {
  private static final int LENGTH_MIN = 8;
  private static final int LENGTH_MAX = 1024;
  private static final int RANDOM_BYTES = 15;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "a file with the password in its first line; - reads standard input. Without it, one is"
              + " made and printed once")
  private String file;

  /** A password, and whether it was made here and has to be told. */
  record Given(String password, boolean isNew) {
    /** Names no secret. */
    @Override
    public String toString() {
      return "Given[***]";
    }
  }

  Given password() {
    if (file == null) {
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      return new Given(Base64.getUrlEncoder().withoutPadding().encodeToString(random), true);
    }
    String password = firstLine();
    if (password.length() < LENGTH_MIN || password.length() > LENGTH_MAX) {
      throw new ParameterException(
          spec.commandLine(), "a password has " + LENGTH_MIN + " to " + LENGTH_MAX + " characters");
    }
    return new Given(password, false);
  }

  private String firstLine() {
    try {
      byte[] bytes =
          file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
      return new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    } catch (IOException unreadable) {
      throw Failure.failed("cannot read the password: " + Failure.line(unreadable), unreadable);
    }
  }
}
