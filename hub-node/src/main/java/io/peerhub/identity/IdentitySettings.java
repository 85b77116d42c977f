package io.peerhub.identity;

import com.typesafe.config.Config;
import io.peerhub.identity.device.DeviceSettings;
import io.peerhub.identity.proof.PasswordSettings;
import io.peerhub.identity.proof.TokenSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How peers prove who they are.
 *
 * @param methods those that are offered; none where peers prove nothing
 * @param keysFile where the keys of {@code hmac} are, if they are not those of the devices
 * @param masterKeyFile where the master key is, unless the environment has it
 * @param answerStep what the answers to wrong proofs come at multiples of; zero: at once
 * @param passwords what a password costs
 * @param tokens which tokens are taken, where any are
 */
public record IdentitySettings(
    Set<Method> methods,
    Optional<Path> keysFile,
    Path masterKeyFile,
    Duration answerStep,
    DeviceSettings devices,
    BackOffSettings backOff,
    PasswordSettings passwords,
    Optional<TokenSettings> tokens) {
  /** A method of authentication. */
  public enum Method {
    HMAC,
    PASSWORD,
    TOKEN;

    /** As {@code hello} has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration STEP_MAX = Duration.ofSeconds(2);
  private static final String OPEN = "none";

  public IdentitySettings {
    methods = Set.copyOf(methods);
    if (answerStep.isNegative() || answerStep.compareTo(STEP_MAX) > 0) {
      throw new IllegalArgumentException("peerhub.identity.answer-step is between 0 s and 2 s");
    }
  }

  /** Whether everybody is who they say. */
  public boolean isOpen() {
    return methods.isEmpty();
  }

  /** Whether all keys are in a file, so that nobody else can ever come. */
  public boolean isByFileAlone() {
    return keysFile.isPresent() && methods.equals(Set.of(Method.HMAC));
  }

  /** Whether keys are needed that the devices have, and so the master key. */
  public boolean needsMasterKey() {
    return methods.contains(Method.HMAC) && keysFile.isEmpty() || methods.contains(Method.PASSWORD);
  }

  /**
   * Reads the block {@code peerhub.identity}.
   *
   * @param data the folder of the node's own files
   */
  public static IdentitySettings from(Config config, Path data) {
    Set<Method> methods = methods(config.getString("auth"));
    String keysFile = config.getString("keys-file");
    String masterKeyFile = config.getString("master-key-file");
    return new IdentitySettings(
        methods,
        keysFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(keysFile)),
        masterKeyFile.isEmpty() ? data.resolve("master.key") : Path.of(masterKeyFile),
        config.getDuration("answer-step"),
        DeviceSettings.from(config.getConfig("devices")),
        BackOffSettings.from(config.getConfig("back-off")),
        PasswordSettings.from(config.getConfig("password")),
        methods.contains(Method.TOKEN)
            ? Optional.of(TokenSettings.from(config.getConfig("token")))
            : Optional.empty());
  }

  private static Set<Method> methods(String auth) {
    Set<Method> methods = EnumSet.noneOf(Method.class);
    List<String> words = List.of(auth.strip().split("\\s*,\\s*", -1));
    if (words.equals(List.of(OPEN))) {
      return methods;
    }
    for (String word : words) {
      methods.add(
          Arrays.stream(Method.values())
              .filter(method -> method.word().equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "peerhub.identity.auth is none or hmac, password, token with commas")));
    }
    return methods;
  }
}
