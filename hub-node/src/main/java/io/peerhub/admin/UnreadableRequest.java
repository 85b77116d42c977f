package io.peerhub.admin;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * What a request gets that is no HTTP, or past a limit: a problem like all others, without the
 * bytes that were wrong, and no line in the log, which strangers could fill. Made by Pekko HTTP
 * from its name in the settings.
 */
final class UnreadableRequest extends ParsingErrorHandler {
  static final String NAME = UnreadableRequest.class.getName();

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
    return Answer.problem(status.intValue(), status.reason(), "The request cannot be read.");
  }
}
