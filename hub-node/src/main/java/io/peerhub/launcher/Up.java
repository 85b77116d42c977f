package io.peerhub.launcher;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.peerhub.hub.HubConfig;
import io.peerhub.hub.HubNode;
import io.peerhub.hub.UnsafeSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one node in the foreground. */
@Command(
    name = "up",
    description = {
      "Run a node until Ctrl-C or SIGTERM. Without options: development mode, on loopback, with a"
          + " database of its own under ./data.",
      "Each option is also an environment variable, and every setting of reference.conf can be"
          + " given by --set."
    },
    mixinStandardHelpOptions = true)
final class Up implements Runnable {
  /** What the options say, by the names of the settings: they are stronger than all else. */
  private final Map<String, Object> settings = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Option(names = "--host", paramLabel = "H", description = "address for peers (HUB_HOST)")
  void host(String value) {
    settings.put("peerhub.connection.host", value);
  }

  @Option(names = "--port", paramLabel = "P", description = "port for peers (HUB_PORT)")
  void port(int value) {
    settings.put("peerhub.connection.port", value);
  }

  @Option(
      names = "--http-port",
      paramLabel = "P",
      description = "port of health, metrics, statistics (HUB_HTTP_PORT)")
  void httpPort(int value) {
    settings.put("peerhub.http.port", value);
  }

  @Option(
      names = "--cluster-port",
      paramLabel = "P",
      description = "port for other nodes (HUB_CLUSTER_PORT)")
  void clusterPort(int value) {
    settings.put("peerhub.cluster.port", value);
  }

  @Option(names = "--data", paramLabel = "DIR", description = "the node's own files (HUB_DATA)")
  void data(String value) {
    settings.put("peerhub.data", value);
  }

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "development or production (HUB_MODE)")
  void mode(String value) {
    settings.put("peerhub.mode", value);
  }

  @Option(
      names = "--auth",
      paramLabel = "METHOD",
      description = "how peers prove who they are: none, or hmac,password,token (HUB_AUTH)")
  void auth(String value) {
    settings.put("peerhub.identity.auth", value);
  }

  @Option(
      names = "--keys-file",
      paramLabel = "FILE",
      description = "the keys of hmac, a line each: IDENTITY KEY (HUB_KEYS_FILE)")
  void keysFile(String value) {
    settings.put("peerhub.identity.keys-file", value);
  }

  @Option(
      names = "--tls-cert",
      paramLabel = "PEM",
      description = "certificate chain (HUB_TLS_CERT)")
  void tlsCertificate(String value) {
    settings.put("peerhub.connection.tls.certificate", value);
  }

  @Option(names = "--tls-key", paramLabel = "PEM", description = "its key (HUB_TLS_KEY)")
  void tlsKey(String value) {
    settings.put("peerhub.connection.tls.key", value);
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any setting of reference.conf; repeatable")
  void set(Map<String, String> values) {
    values.forEach(this::set);
  }

  @Override
  public void run() {
    HubNode node = start();
    AtomicBoolean isToldToEnd = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node, isToldToEnd), "shutdown"));
    say(Greeting.of(node));
    try {
      node.system().getWhenTerminated().toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw Failure.failed("the node has failed: " + Failure.line(failed), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!isToldToEnd.get()) {
      throw Failure.failed("the node has ended of itself: its log says why", null);
    }
  }

  private HubNode start() {
    try {
      return HubNode.start(HubConfig.load(settings));
    } catch (UnsafeSettings unsafe) {
      throw Failure.failed(
          unsafe.complaints().stream().map(complaint -> "settings: " + complaint).toList(), unsafe);
    } catch (ConfigException | IllegalArgumentException wrong) {
      throw Failure.failed("settings: " + Failure.line(wrong), wrong);
    } catch (IOException | RuntimeException failed) {
      throw Failure.failed("cannot run: " + withHint(Failure.line(failed)), failed);
    }
  }

  private static String withHint(String line) {
    return line.contains("Address already in use")
        ? line + " (does a hub run there? --port, --http-port and --cluster-port take other ports)"
        : line;
  }

  private void end(HubNode node, AtomicBoolean isToldToEnd) {
    isToldToEnd.set(true);
    say("Stopping: peers are sent away, then the database is closed.");
    node.close();
    say("Stopped.");
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private void set(String key, String value) {
    boolean isOurs = key.startsWith("peerhub.");
    if (!isOurs && !key.startsWith("pekko.")) {
      throw usage("no setting " + key + ": the hub's begin with peerhub., the actors' with pekko.");
    }
    try {
      // A mistyped name would otherwise be taken in silence, and the default with it.
      if (isOurs && !HubConfig.load(Map.of()).hasPath(key)) {
        throw usage("no setting " + key + " in reference.conf");
      }
      settings.put(key, value.startsWith("[") ? list(value) : value);
    } catch (ConfigException wrong) {
      throw usage("--set " + key + ": " + Failure.line(wrong));
    }
  }

  private static Object list(String value) {
    Config parsed = ConfigFactory.parseString("list = " + value);
    return parsed.getValue("list").unwrapped();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
