package io.peerhub.persistence.embedded;

import static io.peerhub.Patience.await;
import static io.peerhub.persistence.embedded.TestDirectory.isRunning;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedDatabaseTest {

  @RegisterExtension final TestDirectory data = new TestDirectory();
  private Path directory;

  @BeforeEach
  void prepare() {
    directory = data.path();
  }

  @Test
  void keepsItsDataAcrossARestart() throws Exception {
    try (EmbeddedDatabase first = EmbeddedDatabase.join(directory)) {
      execute(first, "create table kept (value int); insert into kept values (42)");
    }
    try (EmbeddedDatabase second = EmbeddedDatabase.join(directory)) {
      assertThat(query(second, "select value from kept")).isEqualTo("42");
    }
  }

  @Test
  void meansWhatItCommits() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      assertThat(query(database, "show fsync")).isEqualTo("on");
      assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
      assertThat(query(database, "show full_page_writes")).isEqualTo("on");
      assertThat(query(database, "show max_connections")).isEqualTo("200");
    }
  }

  @Test
  void letsNobodyInWithoutThePassword() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      assertThat(failureOf(database, "peerhub", "wrong")).isEqualTo("28P01");
      assertThat(failureOf(database, "postgres", database.password())).isEqualTo("28000");
      assertThat(query(database, "select rolsuper from pg_roles where rolname = current_user"))
          .isEqualTo("f");
    }
  }

  @Test
  void listensOnLoopbackOnlyAndOnNoUnixSocket() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      assertThat(query(database, "show listen_addresses")).isEqualTo("127.0.0.1");
      try (Stream<Path> files = Files.walk(directory)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith(".s.PGSQL"));
      }
      assertThat(Path.of("/tmp/.s.PGSQL." + database.port())).doesNotExist();
    }
  }

  @Test
  void showsItsPasswordToNobody() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      failureOf(database, "peerhub", "wrong");
      assertThat(commandLinesAndEnvironments(database.pid())).isNotEmpty();
      assertThat(commandLinesAndEnvironments(database.pid()))
          .noneMatch(text -> text.contains(database.password()));
      assertThat(Files.readString(directory.resolve("server.log")))
          .doesNotContain(database.password());
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("password"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void isSharedByTheNodesOfOneDirectoryAndStoppedByTheLast() throws Exception {
    EmbeddedDatabase first = EmbeddedDatabase.join(directory);
    NodeProcess second = NodeProcess.start(directory);
    EmbeddedDatabase third = EmbeddedDatabase.join(directory);

    assertThat(second.serverPid()).isEqualTo(first.pid());
    assertThat(third.pid()).isEqualTo(first.pid());
    first.close();
    third.close();
    assertThat(isRunning(first.pid())).isTrue();
    second.stop();
    assertThat(isRunning(first.pid())).isFalse();
  }

  @Test
  void isAdoptedAfterItsNodeWasKilled() throws Exception {
    NodeProcess killed = NodeProcess.start(directory);
    killed.kill();
    assertThat(isRunning(killed.serverPid())).isTrue();

    EmbeddedDatabase adopted = EmbeddedDatabase.join(directory);
    assertThat(adopted.pid()).isEqualTo(killed.serverPid());
    assertThat(query(adopted, "select 1")).isEqualTo("1");
    adopted.close();
    assertThat(isRunning(killed.serverPid())).isFalse();
  }

  @Test
  void isStoppedByTheLastEvenIfAnotherNodeWasKilled() throws Exception {
    EmbeddedDatabase last = EmbeddedDatabase.join(directory);
    NodeProcess.start(directory).kill();
    last.close();
    assertThat(isRunning(last.pid())).isFalse();
  }

  @Test
  void outlivesTheInterruptOfItsNodesTerminal() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      assertThat(sessionOf(database.pid())).isEqualTo(database.pid());
      assertThat(sessionOf(database.pid())).isNotEqualTo(sessionOf(ProcessHandle.current().pid()));
    }
  }

  @Test
  void isOneServerForNodesThatStartAtOnce() throws Exception {
    Process first = NodeProcess.launch(directory);
    Process second = NodeProcess.launch(directory);
    EmbeddedDatabase third = EmbeddedDatabase.join(directory);
    NodeProcess firstJoined = NodeProcess.awaitJoined(first);
    NodeProcess secondJoined = NodeProcess.awaitJoined(second);

    assertThat(List.of(firstJoined.serverPid(), secondJoined.serverPid()))
        .containsOnly(third.pid());
    firstJoined.stop();
    third.close();
    secondJoined.stop();
    assertThat(isRunning(third.pid())).isFalse();
  }

  @Test
  void isOneServerForThreadsThatJoinAndLeaveAtOnce() throws Exception {
    Callable<Long> joinAndLeave =
        () -> {
          try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
            query(database, "select 1");
            return database.pid();
          }
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> pid :
          threads.invokeAll(List.of(joinAndLeave, joinAndLeave, joinAndLeave))) {
        assertThat(pid.get()).isPositive();
        assertThat(isRunning(pid.get())).isFalse();
      }
    }
  }

  @Test
  void isStartedAgainAtItsPortIfItDiesUnderItsNodes() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory);
        EmbeddedDatabase other = EmbeddedDatabase.join(directory)) {
      execute(database, "create table kept (value int); insert into kept values (42)");
      long killed = database.pid();
      int port = database.port();
      data.signal("KILL");
      await().until(() -> database.pid() != killed && other.pid() == database.pid());
      assertThat(database.port()).isEqualTo(port);
      assertThat(query(database, "select value from kept")).isEqualTo("42");
    }
    assertThat(data.server()).isEmpty();
  }

  @Test
  void startsAfterItWasKilledWithItsNode() throws Exception {
    long killed = killWithItsNode();
    try (EmbeddedDatabase next = EmbeddedDatabase.join(directory)) {
      assertThat(next.pid()).isNotEqualTo(killed);
      assertThat(query(next, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void startsAlthoughItsProcessIdBelongsToSomebodyElseByNow() throws Exception {
    killWithItsNode();
    Path pidFile = directory.resolve("cluster/postmaster.pid");
    List<String> lines = Files.readAllLines(pidFile);
    lines.set(0, Long.toString(ProcessHandle.current().parent().orElseThrow().pid()));
    Files.write(pidFile, lines);
    try (EmbeddedDatabase next = EmbeddedDatabase.join(directory)) {
      assertThat(query(next, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void startsAlthoughAPowerCutLeftItsProcessFileEmpty() throws Exception {
    EmbeddedDatabase.join(directory).close();
    Files.writeString(directory.resolve("cluster/postmaster.pid"), "");
    try (EmbeddedDatabase next = EmbeddedDatabase.join(directory)) {
      assertThat(query(next, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void foundsItsClusterAgainIfItsNodeWasKilledMeanwhile() throws Exception {
    DataDirectory.deleteTree(directory.resolve("cluster"));
    Files.createDirectories(directory.resolve("cluster.unfinished/base"));
    Files.writeString(directory.resolve("password"), "of the first attempt");
    try (EmbeddedDatabase database = EmbeddedDatabase.join(directory)) {
      assertThat(query(database, "select 1")).isEqualTo("1");
    }
  }

  private long killWithItsNode() throws Exception {
    NodeProcess node = NodeProcess.start(directory);
    node.kill();
    data.signal("KILL");
    return node.serverPid();
  }

  /** From /proc/PID/stat, counted after the command, which may hold blanks. */
  private static long sessionOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }

  private static List<String> commandLinesAndEnvironments(long pid) throws IOException {
    try (Stream<ProcessHandle> children = ProcessHandle.of(pid).orElseThrow().descendants()) {
      return Stream.concat(Stream.of(pid), children.map(ProcessHandle::pid))
          .flatMap(id -> Stream.of("cmdline", "environ").map(file -> read(id, file)))
          .toList();
    }
  }

  private static String read(long pid, String file) {
    try {
      byte[] content = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
      return new String(content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String failureOf(EmbeddedDatabase database, String user, String password) {
    try (Connection _ = connect(database, user, password)) {
      return "";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database, database.name(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database, database.name(), database.password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static Connection connect(EmbeddedDatabase database, String user, String password)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + database.name(), properties);
  }
}
