package io.peerhub.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  private static ActorTestKit kit;

  @TempDir Path data;
  private AdminDoor door;

  @BeforeAll
  static void startSystem() {
    kit = AdminDoor.system();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() throws Exception {
    door = new AdminDoor(kit, data);
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live,  200",
    "/health/ready, 200",
    "/metrics,      200",
    "/stats,        401",
    "/peers,        401",
    "/,             401",
    "/health,       401",
    "/health/live/, 401",
    "//metrics,     401",
    "/loglevel,     401",
    "/heapdump,     401",
    "/metrics/../stats, 401"
  })
  void strangersSeeHealthAndMetricsAndNothingElse(String path, int status) throws Exception {
    assertAnswer(door.get(path), status);
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live,  200",
    "/metrics,      200",
    "/stats,        200",
    "/peers,        200",
    "/,             404",
    "/stats/,       404",
    "/nothing,      404"
  })
  void theTokenOpensTheRest(String path, int status) throws Exception {
    assertAnswer(door.getWithToken(path), status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "Bearer", "ab", "é"})
  void anotherTokenOpensNothing(String wrong) throws Exception {
    String token = wrong.equals("é") ? "%C3%A9" : wrong;
    assertAnswer(door.send("GET", "/stats", token), 401);
    String oneDigitOff = (door.token().charAt(0) == '0' ? "1" : "0") + door.token().substring(1);
    assertAnswer(door.send("GET", "/stats", oneDigitOff), 401);
    assertAnswer(door.send("GET", "/stats", door.token() + "0"), 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void nothingCanBeChanged(String method) throws Exception {
    HttpResponse<String> open = door.send(method, "/metrics", null);
    assertAnswer(open, 405);
    assertThat(open.headers().firstValue("Allow")).contains("GET, HEAD");
    assertAnswer(door.send(method, "/stats", door.token()), 405);
    assertAnswer(door.send(method, "/stats", null), 401);
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    HttpResponse<String> head = door.send("HEAD", "/health/live", null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void readinessIsAnOpenListenerOnAnUpMemberThatDoesNotDrain() throws Exception {
    assertAnswer(door.get("/health/ready"), 200);
    door.listening.set(false);
    assertThat(assertAnswer(door.get("/health/ready"), 503).getBoolean("listening")).isFalse();
    door.listening.set(true);
    door.memberUp.set(false);
    assertThat(assertAnswer(door.get("/health/ready"), 503).getBoolean("member_up")).isFalse();
    door.memberUp.set(true);
    door.draining.set(true);
    assertThat(assertAnswer(door.get("/health/ready"), 503).getBoolean("draining")).isTrue();
    assertAnswer(door.get("/health/live"), 200);
  }

  @Test
  void aDatabaseThatIsAwayIsToldButSendsNobodyAway() throws Exception {
    door.databaseReachable.set(false);
    assertThat(assertAnswer(door.get("/health/ready"), 200).getBoolean("database")).isFalse();
  }

  @Test
  void statsCountWhatIsOpenAndWhatWasDropped() throws Exception {
    door.ledger.opened(Resource.SOCKET);
    door.ledger.opened(Resource.SOCKET);
    door.ledger.closed(Resource.SOCKET);
    door.ledger.opened(Resource.SESSION);
    door.meters.count(Meter.ACCEPTED);
    door.meters.dropped(Drop.OFFLINE, 3);
    Config stats = assertAnswer(door.getWithToken("/stats"), 200);
    assertThat(stats.getString("node")).isEqualTo("here");
    assertThat(stats.getInt("connections")).isEqualTo(1);
    assertThat(stats.getInt("sessions")).isEqualTo(1);
    assertThat(stats.getInt("peers")).isZero();
    assertThat(stats.getDouble("memory_mb")).isGreaterThan(10);
    assertThat(stats.getInt("totals.accepted")).isEqualTo(1);
    assertThat(stats.getInt("dropped.offline")).isEqualTo(3);
    assertThat(stats.getIsNull("latency_p99_ms")).isTrue();
    assertThat(stats.root()).containsKeys("msg_per_sec", "error_rate");
  }

  @Test
  void aScrapeHasAsManySeriesHoweverManyPeersThereAre() throws Exception {
    Map<String, Double> before = series(door.get("/metrics").body());
    for (int i = 0; i < 100; i++) {
      door.sits("device-" + i, i);
      door.ledger.opened(Resource.PEER);
      door.meters.count(Meter.FRAMES_IN);
    }
    System.gc();
    String text = door.get("/metrics").body();
    Map<String, Double> after = series(text);
    assertThat(after.keySet()).isEqualTo(before.keySet()).allMatch(s -> s.startsWith("peerhub_"));
    assertThat(after)
        .containsEntry("peerhub_frames_in_total", 100.0)
        .containsEntry("peerhub_live{resource=\"peer\"}", 100.0)
        .containsEntry("peerhub_refused_total{code=\"4001\",refusal=\"too_fast\"}", 0.0);
    assertThat(after.get("peerhub_process_heap_used_bytes")).isPositive();
    assertThat(text).doesNotContain("device-").doesNotContain(door.token());
  }

  /** Another process may be given one just then; not every time. */
  @Test
  void stoppingFreesThePort() throws Exception {
    boolean wasFree = false;
    for (int i = 0; i < 5 && !wasFree; i++) {
      int port = door.port();
      door.close();
      wasFree = isFree(port);
      door = new AdminDoor(kit, data);
    }
    assertThat(wasFree).isTrue();
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      return taken.isBound();
    } catch (BindException used) {
      return false;
    }
  }

  /** Every answer: its status, the headers that all have, and an error's shape; its JSON if any. */
  static Config assertAnswer(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
    assertThat(answer.headers().map()).doesNotContainKey("server");
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (status >= 400 && status != 503) {
      assertThat(type).isEqualTo("application/problem+json");
      assertThat(ConfigFactory.parseString(answer.body()).getInt("status")).isEqualTo(status);
    }
    return type.contains("json") ? ConfigFactory.parseString(answer.body()) : null;
  }

  private static Map<String, Double> series(String text) {
    Map<String, Double> series = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              Double twice =
                  series.put(line.substring(0, space), Double.parseDouble(line.substring(space)));
              assertThat(twice).as(line).isNull();
            });
    return series;
  }
}
