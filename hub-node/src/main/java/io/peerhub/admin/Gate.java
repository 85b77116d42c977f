package io.peerhub.admin;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Host;

/** Who is let in: by the host that the request names, and by the token. */
final class Gate {
  /** An address is never looked up here: a name in a header must not make the hub ask a DNS. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?(0*:)*0*1]?");

  private final AdminToken token;
  private final String configuredHost;
  private final boolean onLoopback;

  Gate(AdminToken token, String configuredHost, InetAddress bound) {
    this.token = token;
    this.configuredHost = configuredHost.toLowerCase(Locale.ROOT);
    this.onLoopback = bound.isLoopbackAddress();
  }

  /** Whether the request means this node, and not a web page's own name that leads here. */
  boolean isForThisHost(HttpRequest request) {
    if (!onLoopback) {
      return true;
    }
    String host =
        request
            .getHeader(Host.class)
            .map(header -> header.host().address().toLowerCase(Locale.ROOT))
            .orElse("");
    return host.equals(configuredHost) || LOOPBACK.matcher(host).matches();
  }

  /** Whether the request carries the token. */
  boolean isFromOperator(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(HttpHeader::value)
        .filter(token::opens)
        .isPresent();
  }
}
