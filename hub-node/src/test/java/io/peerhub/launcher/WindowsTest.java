package io.peerhub.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands make of the pages of a node. */
class WindowsTest {
  private static final String ROOMS =
      "{\"node\":\"n\",\"rooms\":[{\"room\":\"a b\",\"members\":2}],\"next\":\"a b\"}";
  private static final Map<String, String> PAGES =
      Map.of(
          "/peers/bob/1",
          "{\"identity\":\"bob/1\",\"wire\":\"\\u001b[2J\",\"x\":null}",
          "/rooms",
          ROOMS,
          "/rooms?after=a+b",
          "{\"node\":\"n\",\"rooms\":[],\"next\":null}",
          "/resources",
          "{\"resources\":[{\"kind\":\"socket\",\"live\":1,\"owners\":[\"p\",\"q\"]},"
              + "{\"kind\":\"link\",\"live\":0,\"oldest_ms\":5,\"owners\":[]}],\"sweeps\":3}");

  @TempDir Path data;
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(data.resolve("token"), "secret\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isKnown =
              "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          String page = PAGES.get(exchange.getRequestURI().toString());
          byte[] body = (page == null ? "{}" : page).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(!isKnown ? 401 : page == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aPeerIsALineForEachFieldAndHarmlessForTheTerminal() {
    assertThat(run(0, "peer", "bob/1"))
        .containsPattern("(?m)^identity +bob/1$")
        .containsPattern("(?m)^x +-$")
        .contains("\\u001b[2J")
        .doesNotContain("\u001b");
    assertThat(run(0, "peer", "bob/1", "--json")).isEqualTo(PAGES.get("/peers/bob/1") + "\n");
  }

  @Test
  void aPeerThatIsNotThereIsOneAndNoIdentityIsTwo() {
    assertThat(run(1, "peer", "nobody")).contains("knows nothing of /peers/nobody");
    run(2, "peer", "a b");
  }

  @Test
  void resourcesAreATableWhoseColumnsStandInLine() {
    assertThat(run(0, "resources"))
        .contains(
            "kind    live  owners  oldest_ms\nsocket  1     p,q     -\nlink    0             5\n")
        .containsPattern("(?m)^sweeps +3$");
  }

  @Test
  void roomsAreReadPageByPage() {
    assertThat(run(0, "rooms")).contains("room  members\na b   2\n");
    assertThat(run(0, "rooms", "--json")).hasLineCount(2).startsWith(ROOMS);
  }

  private String run(int exitCode, String... arguments) {
    StringWriter said = new StringWriter();
    CommandLine hub = Hub.commandLine();
    hub.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--http=127.0.0.1:" + server.getAddress().getPort();
    all[arguments.length + 1] = "--token-file=" + data.resolve("token");
    assertThat(hub.execute(all)).as(said::toString).isEqualTo(exitCode);
    return said.toString();
  }
}
