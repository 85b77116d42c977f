package io.peerhub.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its page. A plain function over a table rather than a tree of directives: who
 * is let in is decided in one method that stands above every page, and no rejection is answered
 * elsewhere.
 */
final class AdminRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

  private final ActorSystem<?> system;
  private final Gate gate;
  private final List<Route> routes;

  AdminRoutes(ActorSystem<?> system, Gate gate, List<Route> routes) {
    this.system = system;
    this.gate = gate;
    this.routes = List.copyOf(routes);
  }

  /** One request; the stage never fails. */
  CompletionStage<HttpResponse> answer(HttpRequest request) {
    CompletionStage<HttpResponse> answer;
    try {
      answer = letIn(request).exceptionally(this::failed);
    } catch (RuntimeException bug) {
      answer = Page.now(failed(bug));
    }
    return answer.thenApply(response -> withoutBody(request, response));
  }

  private CompletionStage<HttpResponse> letIn(HttpRequest request) {
    if (!gate.isForThisHost(request)) {
      return Page.now(Answer.misdirected());
    }
    if (gate.isFromAnotherSite(request)) {
      return Page.now(Answer.foreignPage());
    }
    String path = request.getUri().path();
    // An unknown path as well: a stranger does not learn by trying which ones there are.
    if (!isOpen(path) && !gate.isFromOperator(request)) {
      return Page.now(Answer.unauthorized());
    }
    return page(path, request);
  }

  private boolean isOpen(String path) {
    return routes.stream()
        .anyMatch(route -> gate.isOpen(route.access()) && route.match(path).isPresent());
  }

  private CompletionStage<HttpResponse> page(String path, HttpRequest request) {
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<String> named = route.match(path);
      if (named.isPresent() && route.method().equals(request.method())) {
        return page(route, named.get(), request);
      }
      if (named.isPresent()) {
        allowed.add(route.method().value());
      }
    }
    if (allowed.contains(HttpMethods.GET.value())) {
      allowed.add(HttpMethods.HEAD.value());
    }
    return Page.now(
        allowed.isEmpty()
            ? Answer.notFound("There is no such page.")
            : Answer.methodNotAllowed(String.join(", ", allowed)));
  }

  private static CompletionStage<HttpResponse> page(
      Route route, String named, HttpRequest request) {
    try {
      Map<String, List<String>> query = request.getUri().query().toMultiMap();
      return route.page().answer(new Call(named, query));
    } catch (IllegalUriException notAQuery) {
      return Page.now(Answer.badRequest("The query cannot be read."));
    } catch (Page.BadCall bad) {
      return Page.now(Answer.badRequest(bad.getMessage()));
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
}
