package io.peerhub.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;

/**
 * A row of the table: this method on this path is this page. One part of the path may be a name in
 * braces, which stands for whatever is there; {@code {identity}} for {@code NAME}, {@code
 * NAME/DEVICE} and {@code NAME%2FDEVICE}.
 */
record Route(HttpMethod method, List<String> path, Access access, Page page) {
  private static final String IDENTITY = "{identity}";

  /** Who may see a page. */
  enum Access {
    /** Everybody, unless a setting says otherwise. */
    HEALTH,
    METRICS,
    /** Whoever has the token. */
    OPERATOR
  }

  static Route get(String path, Page page) {
    return new Route(HttpMethods.GET, split(path), Access.OPERATOR, page);
  }

  /** Something is done: nothing that a page of a browser can do by itself, without the token. */
  static Route post(String path, Page page) {
    return new Route(HttpMethods.POST, split(path), Access.OPERATOR, page);
  }

  static Route open(Access access, String path, Page page) {
    return new Route(HttpMethods.GET, split(path), access, page);
  }

  /** What stands at the name in braces, if this path is this route's; empty where it has none. */
  Optional<String> match(String asked) {
    List<String> parts = split(asked);
    int more = parts.size() - path.size();
    int named = path.indexOf(IDENTITY);
    if (more == 1 && named >= 0) {
      String whole = parts.get(named) + "/" + parts.get(named + 1);
      parts.subList(named, named + 2).clear();
      parts.add(named, whole);
    } else if (more != 0) {
      return Optional.empty();
    }
    String found = "";
    for (int i = 0; i < path.size(); i++) {
      String part = parts.get(i);
      if (path.get(i).startsWith("{") && !part.isEmpty()) {
        found = decoded(part);
      } else if (!path.get(i).equals(part)) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /** No name has a character that would have to be escaped but this one. */
  private static String decoded(String part) {
    int escape = part.toUpperCase(Locale.ROOT).indexOf("%2F");
    return escape < 0 ? part : part.substring(0, escape) + "/" + part.substring(escape + 3);
  }

  private static List<String> split(String path) {
    return new ArrayList<>(Arrays.asList(path.split("/", -1)));
  }
}
