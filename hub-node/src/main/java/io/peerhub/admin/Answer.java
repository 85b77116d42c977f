package io.peerhub.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The answers of the door. All say that they are what their type says, and are not to be stored. An
 * error is a problem (RFC 9457) whose words come from here, never from an exception.
 */
final class Answer {
  private static final ContentType PROBLEM = ContentTypes.parse("application/problem+json");

  private static final List<HttpHeader> ALWAYS =
      List.of(
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"),
          RawHeader.create("Cache-Control", "no-store"));

  private Answer() {}

  /** A JSON object. */
  static HttpResponse json(int status, JsonText.Fields fields) {
    return text(status, ContentTypes.APPLICATION_JSON, JsonText.object(fields));
  }

  static HttpResponse text(int status, ContentType type, String text) {
    return HttpResponse.create()
        .withStatus(status)
        .addHeaders(ALWAYS)
        .withEntity(HttpEntities.create(type, text.getBytes(StandardCharsets.UTF_8)));
  }

  static HttpResponse problem(int status, String title, String detail) {
    return text(
        status,
        PROBLEM,
        JsonText.object(
            json -> {
              json.writeStringField("type", "about:blank");
              json.writeStringField("title", title);
              json.writeNumberField("status", status);
              json.writeStringField("detail", detail);
            }));
  }

  static HttpResponse notFound(String detail) {
    return problem(404, "Not Found", detail);
  }

  static HttpResponse badRequest(String detail) {
    return problem(400, "Bad Request", detail);
  }

  /** The page is there, for these methods. */
  static HttpResponse methodNotAllowed(String allowed) {
    return problem(405, "Method Not Allowed", "This page is for " + allowed + ".")
        .addHeader(RawHeader.create("Allow", allowed));
  }

  static HttpResponse unauthorized() {
    return problem(401, "Unauthorized", "Send the node's admin token: Authorization: Bearer TOKEN.")
        .addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"peerhub\""));
  }

  static HttpResponse misdirected() {
    return problem(
        421, "Misdirected Request", "The Host of the request is not a name of this node.");
  }

  static HttpResponse foreignPage() {
    return problem(403, "Forbidden", "Pages of other sites are not answered here.");
  }

  static HttpResponse unavailable() {
    return problem(503, "Service Unavailable", "The node did not answer in time.");
  }

  static HttpResponse internal() {
    return problem(500, "Internal Server Error", "The node's log has the reason.");
  }
}
