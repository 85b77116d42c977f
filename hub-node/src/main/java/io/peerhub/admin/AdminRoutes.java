package io.peerhub.admin;

import io.peerhub.telemetry.Exposition;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All routes on one screen. A plain function rather than a tree of directives: who is let in is
 * decided in three lines that stand above every page, and no rejection is answered elsewhere.
 */
final class AdminRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final ContentType METRICS = ContentTypes.parse(Exposition.MEDIA_TYPE);
  private static final Set<String> OPEN = Set.of("/health/live", "/health/ready", "/metrics");
  private static final Set<String> CLOSED = Set.of("/stats", "/peers");

  private final ActorSystem<?> system;
  private final Gate gate;
  private final HealthPages health;
  private final Exposition metrics;
  private final StatsPage stats;
  private final PeersPage peers;

  AdminRoutes(
      ActorSystem<?> system,
      Gate gate,
      HealthPages health,
      Exposition metrics,
      StatsPage stats,
      PeersPage peers) {
    this.system = system;
    this.gate = gate;
    this.health = health;
    this.metrics = metrics;
    this.stats = stats;
    this.peers = peers;
  }

  /** One request; the stage never fails. */
  CompletionStage<HttpResponse> answer(HttpRequest request) {
    CompletionStage<HttpResponse> answer;
    try {
      answer = letIn(request).exceptionally(this::failed);
    } catch (RuntimeException bug) {
      answer = done(failed(bug));
    }
    return answer.thenApply(response -> withoutBody(request, response));
  }

  private CompletionStage<HttpResponse> letIn(HttpRequest request) {
    String path = request.getUri().path();
    if (!gate.isForThisHost(request)) {
      return done(Answer.misdirected());
    }
    // An unknown path as well: a stranger does not learn by trying which ones there are.
    if (!OPEN.contains(path) && !gate.isFromOperator(request)) {
      return done(Answer.unauthorized());
    }
    if (!OPEN.contains(path) && !CLOSED.contains(path)) {
      return done(Answer.notFound());
    }
    return request.method().equals(HttpMethods.GET)
        ? page(path, request)
        : done(Answer.methodNotAllowed());
  }

  private CompletionStage<HttpResponse> page(String path, HttpRequest request) {
    return switch (path) {
      case "/health/live" -> done(health.live());
      case "/health/ready" -> done(health.ready());
      case "/metrics" -> done(Answer.text(200, METRICS, metrics.text()));
      case "/stats" -> done(stats.answer());
      case "/peers" -> peers(request);
      default -> done(Answer.notFound());
    };
  }

  private CompletionStage<HttpResponse> peers(HttpRequest request) {
    try {
      return peers.answer(request.getUri().query());
    } catch (IllegalUriException notAQuery) {
      return done(Answer.badRequest("The query cannot be read."));
    }
  }

  private HttpResponse failed(Throwable failure) {
    Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
    if (reason instanceof TimeoutException) {
      return Answer.unavailable();
    }
    LOG.error("an admin page failed", reason);
    return Answer.internal();
  }

  /** No page takes a body: one that comes is thrown away, and its connection closed behind it. */
  private HttpResponse withoutBody(HttpRequest request, HttpResponse response) {
    if (request.entity().isKnownEmpty()) {
      return response;
    }
    request.discardEntityBytes(system);
    return response.addHeader(Connection.create("close"));
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
