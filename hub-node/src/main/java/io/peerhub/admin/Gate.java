package io.peerhub.admin;

import io.peerhub.admin.AdminSettings.Access;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Host;

/** Who is let in: by the host that the request names, by the page it comes from, by the token. */
final class Gate {
  /** An address is never looked up here: a name in a header must not make the hub ask a DNS. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?(0*:)*0*1]?");

  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[?[0-9a-f.:]*:[0-9a-f.:]*]?");

  private final AdminToken token;
  private final Access access;
  private final String configuredHost;
  private final boolean onLoopback;

  Gate(AdminToken token, Access access, String configuredHost, InetAddress bound) {
    this.token = token;
    this.access = access;
    this.configuredHost = configuredHost.toLowerCase(Locale.ROOT);
    this.onLoopback = bound.isLoopbackAddress();
  }

  /**
   * Whether the request means this node, and not a web page's own name that leads here (DNS
   * rebinding). For that a name is needed: a page that was loaded from an address is from there.
   */
  boolean isForThisHost(HttpRequest request) {
    String host =
        request
            .getHeader(Host.class)
            .map(header -> header.host().address().toLowerCase(Locale.ROOT))
            .orElse("");
    return host.equals(configuredHost)
        || LOOPBACK.matcher(host).matches()
        || access.hosts().contains(host)
        || access.hosts().contains("*")
        || !onLoopback && ADDRESS.matcher(host).matches();
  }

  /**
   * Whether a browser sends this for a page of another site. Such a page could neither add the
   * token nor read the answer, since nothing here allows it to; it is refused all the same, before
   * anything is done or measured.
   */
  boolean isFromAnotherSite(HttpRequest request) {
    String site = header(request, "Sec-Fetch-Site");
    if (!site.isEmpty() && !site.equals("same-origin") && !site.equals("none")) {
      return true;
    }
    String origin = header(request, "Origin");
    String host = header(request, "Host");
    return !origin.isEmpty()
        && !origin.equalsIgnoreCase("http://" + host)
        && !origin.equalsIgnoreCase("https://" + host);
  }

  /** Whether pages of this kind are for everybody who reaches the port. */
  boolean isOpen(Route.Access kind) {
    return switch (kind) {
      case HEALTH -> access.healthPublic();
      case METRICS -> access.metricsPublic();
      case OPERATOR -> false;
    };
  }

  /** Whether the request carries the token. */
  boolean isFromOperator(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(HttpHeader::value)
        .filter(token::opens)
        .isPresent();
  }

  private static String header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value).orElse("");
  }
}
