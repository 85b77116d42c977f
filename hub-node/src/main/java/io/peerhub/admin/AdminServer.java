package io.peerhub.admin;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Rates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's door while it is open. It holds a listening socket and one timer, which samples
 * the rates; {@link #stop} gives both back.
 */
public final class AdminServer {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final Duration RHYTHM = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** A question fits in little. HTTP/2 and its resets stay out: nobody here needs them. */
  private static final Config LIMITS =
      ConfigFactory.parseString(
          """
          pekko.http.server {
            server-header = ""
            enable-http2 = off
            # HEAD is answered as GET without the body
            transparent-head-requests = on
            pipelining-limit = 1
            backlog = 64
            verbose-error-messages = off
            linger-timeout = 5s
            parsing {
              max-uri-length = 1k
              max-method-length = 16
              max-header-count = 32
              max-header-name-length = 64
              max-header-value-length = 2k
              max-content-length = 1k
              max-chunk-size = 1k
              max-chunk-ext-length = 16
              illegal-header-warnings = off
              error-logging-verbosity = off
            }
          }
          """);

  private final ServerBinding binding;
  private final Cancellable sampling;

  private AdminServer(ServerBinding binding, Cancellable sampling) {
    this.binding = binding;
    this.sampling = sampling;
  }

  /** Opens the door; fails if the port is taken or the token cannot be read or made. */
  public static CompletionStage<AdminServer> start(
      ActorSystem<?> system, AdminSettings settings, AdminView view) {
    Rates rates = new Rates(view.meters(), view.latency(), System::nanoTime);
    AdminRoutes routes;
    try {
      Asking asking = new Asking(system, settings.requestTimeout());
      routes = new AdminRoutes(system, gate(settings), RouteTable.of(view, rates, asking));
    } catch (IOException reason) {
      return CompletableFuture.failedFuture(reason);
    }
    return Http.get(system)
        .newServerAt(settings.host(), settings.port())
        .withSettings(limits(system, settings))
        .bindFlow(connection(routes, settings, view.ledger()))
        .thenApply(binding -> opened(system, binding, rates));
  }

  private static Gate gate(AdminSettings settings) throws IOException {
    AdminSettings.Access access = settings.access();
    AdminToken token =
        access.tokenGiven()
            ? AdminToken.given(access.tokenFile())
            : AdminToken.in(access.tokenFile());
    return new Gate(token, access, settings.host(), InetAddress.getByName(settings.host()));
  }

  /** Where the door is, with the port that was taken. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Closes the door: requests under way may end, within a second. The port is free after it. */
  public CompletionStage<Done> stop() {
    sampling.cancel();
    return binding.terminate(GRACE).thenApply(terminated -> Done.getInstance());
  }

  private static AdminServer opened(ActorSystem<?> system, ServerBinding binding, Rates rates) {
    Cancellable sampling =
        system
            .scheduler()
            .scheduleWithFixedDelay(RHYTHM, RHYTHM, rates::sample, system.executionContext());
    LOG.info("admin pages at http:/{}", binding.localAddress());
    return new AdminServer(binding, sampling);
  }

  private static Flow<HttpRequest, HttpResponse, NotUsed> connection(
      AdminRoutes routes, AdminSettings settings, Ledger ledger) {
    // The idle timeout starts again at every byte; the lifetime does not.
    return Flow.of(HttpRequest.class)
        .takeWithin(settings.connectionLifetime())
        .mapAsync(1, routes::answer)
        .watchTermination(
            (made, ended) -> {
              ledger.opened(Resource.STREAM);
              ended.whenComplete((done, failure) -> ledger.closed(Resource.STREAM));
              return made;
            });
  }

  private static ServerSettings limits(ActorSystem<?> system, AdminSettings settings) {
    String server = "pekko.http.server.";
    return ServerSettings.create(
        LIMITS
            .withValue(server + "idle-timeout", value(millis(settings.idleTimeout())))
            .withValue(
                server + "request-timeout", value(millis(settings.requestTimeout().plus(GRACE))))
            .withValue(server + "max-connections", value(settings.maxConnections()))
            .withValue(server + "parsing.error-handler", value(UnreadableRequest.NAME))
            .withFallback(system.settings().config()));
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + "ms";
  }

  private static ConfigValue value(Object value) {
    return ConfigValueFactory.fromAnyRef(value);
  }
}
