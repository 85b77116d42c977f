package io.peerhub.persistence;

import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;

/**
 * The JDBC URL of an operator's PostgreSQL, for example {@code
 * jdbc:postgresql://db.example:5432/hub?user=hub&password=...&sslmode=verify-full}.
 *
 * <p>Only parameters that say where the database is and how to prove who talks to whom are taken.
 * The driver knows others that load classes or write files by name; those are refused, as are the
 * ones that the hub sets itself. {@link #toString} tells the host and the database, never the rest.
 */
public record DatabaseUrl(String value) {

  private static final String PREFIX = "jdbc:postgresql:";

  private static final Set<String> ALLOWED =
      Set.of(
          "user",
          "password",
          "ssl",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword",
          "sslNegotiation",
          "channelBinding",
          "targetServerType",
          "hostRecheckSeconds",
          "gssEncMode");

  public DatabaseUrl {
    // Neither message repeats the URL: it holds a password, and may be mistyped in any place.
    if (!value.startsWith(PREFIX) || parse(value) == null) {
      throw new IllegalArgumentException(
          "the database URL is not of the form " + PREFIX + "//HOST:PORT/NAME?user=U&password=P");
    }
    parameters(value)
        .filter(name -> !ALLOWED.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "the database URL has the parameter " + name + ", allowed are " + sorted());
            });
  }

  @Override
  public String toString() {
    Properties parsed = parse(value);
    return PREFIX
        + "//"
        + parsed.getProperty("PGHOST", "localhost")
        + ":"
        + parsed.getProperty("PGPORT", "5432")
        + "/"
        + parsed.getProperty("PGDBNAME", "");
  }

  private static Stream<String> parameters(String url) {
    int query = url.indexOf('?');
    return query < 0
        ? Stream.empty()
        : Arrays.stream(url.substring(query + 1).split("&"))
            .filter(parameter -> !parameter.isEmpty())
            .map(parameter -> parameter.split("=", 2)[0]);
  }

  private static Properties parse(String url) {
    return Driver.parseURL(url, new Properties());
  }

  private static String sorted() {
    return ALLOWED.stream().sorted().collect(Collectors.joining(", "));
  }
}
