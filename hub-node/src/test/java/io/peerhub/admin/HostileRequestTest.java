package io.peerhub.admin;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP client would not send, over a bare socket. */
class HostileRequestTest {
  @TempDir static Path data;
  private static ActorTestKit kit;
  private static AdminDoor door;

  @BeforeAll
  static void open() throws Exception {
    kit = AdminDoor.system();
    door = new AdminDoor(kit, data);
  }

  @AfterAll
  static void close() throws Exception {
    door.close();
    kit.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost:80", "LOCALHOST", "127.0.0.1", "127.1.2.3:9", "[::1]:7"})
  void loopbackHostsAreThisNode(String host) throws Exception {
    assertThat(get("/metrics", "Host: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "xlocalhost",
        "192.168.0.1",
        "[::2]",
        "[::ffff:10.0.0.1]"
      })
  void aHostThatOnlyLeadsHereIsTurnedAway(String host) throws Exception {
    for (String path : new String[] {"/metrics", "/health/live", "/stats", "/none"}) {
      String answer = get(path, "Host: " + host);
      assertThat(answer).startsWith("HTTP/1.1 421 ").contains("problem+json");
      assertThat(get(path, "Host: " + host, "Authorization: Bearer " + door.token()))
          .startsWith("HTTP/1.1 421 ");
    }
  }

  /** What a browser says of a page of another site, one way or the other. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:3000",
        "Origin: file://",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image"
      })
  void aPageOfAnotherSiteIsRefusedAndReadsNothing(String said) throws Exception {
    for (String path : new String[] {"/metrics", "/health/live", "/stats", "/peers"}) {
      String answer = get(path, "Host: localhost", said);
      assertThat(answer).startsWith("HTTP/1.1 403 ").contains("problem+json");
      // Not even one that has got hold of the token.
      assertThat(get(path, "Host: localhost", said, "Authorization: Bearer " + door.token()))
          .startsWith("HTTP/1.1 403 ");
      assertThat(answer.toLowerCase(Locale.ROOT))
          .doesNotContain("access-control")
          .doesNotContain("set-cookie")
          .contains("cross-origin-resource-policy: same-origin");
    }
  }

  /** The browser asks whether a script may send the token along: it may not. */
  @Test
  void aPreflightIsRefused() throws Exception {
    for (String origin : new String[] {"http://evil.example", "http://localhost"}) {
      String answer =
          exchange(
              "OPTIONS /stats HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nOrigin: "
                  + origin
                  + "\r\nAccess-Control-Request-Method: GET\r\n"
                  + "Access-Control-Request-Headers: authorization\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 40");
      assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("access-control");
    }
  }

  @Test
  void thePageThatTheDoorItselfGaveMayAsk() throws Exception {
    String own = "http://localhost:" + door.port();
    String[] said = {
      "Host: localhost:" + door.port(), "Origin: " + own, "Sec-Fetch-Site: same-origin"
    };
    assertThat(get("/metrics", said)).startsWith("HTTP/1.1 200 ");
    assertThat(get("/stats", said)).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void aNameOfTheDoorHasToBeSetWhereItIsOpenToTheNetwork() throws Exception {
    AdminSettings.Access named =
        new AdminSettings.Access(
            data.resolve("admin.token"), false, List.of("Hub.Example"), true, true);
    try (AdminDoor wide = new AdminDoor(kit, "0.0.0.0", named, AdminDoor.NEVER)) {
      for (String host : new String[] {"hub.example", "HUB.example:80", "10.1.2.3", "[fd00::7]"}) {
        assertThat(get(wide, "/metrics", "Host: " + host)).startsWith("HTTP/1.1 200 ");
      }
      for (String host :
          new String[] {"evil.example", "10.1.2.3.evil.example", "hub.example.org"}) {
        assertThat(get(wide, "/metrics", "Host: " + host)).startsWith("HTTP/1.1 421 ");
      }
    }
  }

  @Test
  void healthAndMetricsMayBeForTheOperatorAlone() throws Exception {
    AdminSettings.Access closed =
        new AdminSettings.Access(data.resolve("admin.token"), false, List.of(), false, false);
    try (AdminDoor shut = new AdminDoor(kit, "127.0.0.1", closed, AdminDoor.NEVER)) {
      for (String path : new String[] {"/metrics", "/health/live", "/health/ready"}) {
        assertThat(shut.get(path).statusCode()).isEqualTo(401);
        assertThat(shut.getWithToken(path).statusCode()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /metrics HTTP/1.1\\r\\n\\r\\n | 400",
        "GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\nHost: evil.example\\r\\n\\r\\n | 400",
        "GET http://evil.example/metrics HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400",
        "GET /met\\0rics HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400",
        "GET /peers?limit=%zz HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 400",
        "HACK /metrics HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 501",
        "GET /metrics HTTP/3.0\\r\\nHost: localhost\\r\\n\\r\\n | 505",
        "hello world\\r\\n\\r\\n | 501",
        "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n | 50"
      })
  void whatIsNoRequestGetsAProblemWithoutDetails(String text, String status) throws Exception {
    String answer = exchange(text.translateEscapes());
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(answer).contains("problem+json").contains("nosniff").contains("no-store");
    assertThat(answer).doesNotContain("evil.example").doesNotContain("pekko");
  }

  @Test
  void contentLengthWithChunksIsNotTwoRequests() throws Exception {
    String smuggled =
        "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /stats HTTP/1.1\r\n\r\n";
    String answer = exchange(smuggled);
    assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSize(2);
  }

  @Test
  void bodiesAreThrownAwayAndTheirConnectionCloses() throws Exception {
    String answer =
        exchange("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
    assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Connection: close");
    String large = "GET /stats HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\nabc";
    assertThat(exchange(large)).startsWith("HTTP/1.1 4");
  }

  @Test
  void longLinesAndManyHeadersAreCutOff() throws Exception {
    assertThat(get("/" + "a".repeat(2000), "Host: localhost")).startsWith("HTTP/1.1 414 ");
    assertThat(get("/stats", "Host: localhost", "X-Long: " + "a".repeat(3000)))
        .startsWith("HTTP/1.1 431 ");
    String[] many = new String[40];
    many[0] = "Host: localhost";
    for (int i = 1; i < many.length; i++) {
      many[i] = "X-" + i + ": 1";
    }
    assertThat(get("/stats", many)).startsWith("HTTP/1.1 4");
  }

  /** A byte of a header for each answer that another connection gets: it never is too long. */
  @Test
  void aConnectionThatDripsBytesEndsWithItsLifetime() throws Exception {
    try (AdminDoor brief = new AdminDoor(kit, data, Duration.ofMillis(200));
        Socket socket = connect(brief.port())) {
      CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> toTheEnd(socket));
      drip(socket, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n");
      while (!read.isDone()) {
        drip(socket, "X: ");
        for (int i = 0; i < 1000 && !read.isDone(); i++) {
          drip(socket, "a");
          assertThat(door.get("/health/live").statusCode()).isEqualTo(200);
        }
        drip(socket, "\r\n");
      }
      assertThat(read.join()).as("no complaint of what was sent").isEmpty();
    }
  }

  /** Until it cannot any more: the reader is who finds that the connection has ended. */
  private static void drip(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException closed) {
      return;
    }
  }

  private static String toTheEnd(Socket socket) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (IOException reset) {
      // An end too.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private static String get(String path, String... headers) throws IOException {
    return get(door, path, headers);
  }

  private static String get(AdminDoor at, String path, String... headers) throws IOException {
    return exchange(
        at,
        "GET "
            + path
            + " HTTP/1.1\r\nConnection: close\r\n"
            + String.join("\r\n", headers)
            + "\r\n\r\n");
  }

  /** The answer, which ends with its connection. */
  private static String exchange(String request) throws IOException {
    return exchange(door, request);
  }

  private static String exchange(AdminDoor at, String request) throws IOException {
    try (Socket socket = connect(at.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static Socket connect(int port) throws IOException {
    return new Socket("127.0.0.1", port);
  }
}
