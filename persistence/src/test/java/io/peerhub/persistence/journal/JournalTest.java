package io.peerhub.persistence.journal;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.Database;
import io.peerhub.persistence.DatabaseSettings;
import io.peerhub.persistence.PatientSettings;
import io.peerhub.persistence.embedded.TestDirectory;
import io.peerhub.persistence.journal.JournalWrite.Outcome;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JournalTest {
  private static final JournalWrite.Summary SUMMARY =
      new JournalWrite.Summary(1, 5_000, 1, 10, 0, 1, 0, 0, 0, 0);

  @RegisterExtension final TestDirectory data = new TestDirectory();
  private Database database;
  private Journal journal;
  private JournalReader reader;

  @BeforeEach
  void open() {
    database = Database.open(PatientSettings.of(new DatabaseSettings.Embedded(data.path())));
    journal = new Journal(database.connections(), 2);
    reader = new JournalReader(database.connections());
  }

  @AfterEach
  void close() {
    journal.close();
    database.close();
  }

  @Test
  void givesBackWhatItTookInOrder() throws Exception {
    assertThat(load("bob")).isEmpty();
    assertThat(write(row("bob", 1, 7, "one"))).isEqualTo(Outcome.COMMITTED);
    assertThat(write(row("bob", 2, 7, "two"))).isEqualTo(Outcome.COMMITTED);
    assertThat(load("bob")).containsExactly("1 one", "2 two");
    assertThat(count("select count(*) from peerhub.message where owner = 'bob'")).isEqualTo(2);
    assertThat(reader.withMail(List.of("bob", "alice"))).containsExactly("bob");
  }

  @Test
  void fencesWhoeverWritesBehindTheOwner() throws Exception {
    load("bob");
    write(row("bob", 1, 7, "one"));
    assertThat(write(row("bob", 1, 8, "late"))).isEqualTo(Outcome.FENCED);
    assertThat(write(row("bob", 3, 8, "early"))).isEqualTo(Outcome.FENCED);
    assertThat(load("bob")).containsExactly("1 one");
  }

  @Test
  void takesAWriteWhoseAnswerWasLostForWhatItIs() throws Exception {
    load("bob");
    write(row("bob", 1, 7, "one"));
    assertThat(write(row("bob", 1, 7, "one"))).isEqualTo(Outcome.COMMITTED);
    assertThat(load("bob")).containsExactly("1 one");
  }

  @Test
  void writesManyMailboxesInFewCommits() throws Exception {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    IntStream.range(0, 500).forEach(i -> load("peer-" + i));
    long before = journal.batchCount();
    data.signal("STOP");
    for (int i = 0; i < 500; i++) {
      outcomes.add(journal.write(row("peer-" + i, 1, 7, "x")).toCompletableFuture());
    }
    data.signal("CONT");
    for (CompletableFuture<Outcome> outcome : outcomes) {
      assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
    }
    // What each of the two writers had taken before it was held up, and what waited meanwhile.
    assertThat(journal.batchCount() - before).isLessThanOrEqualTo(4);
  }

  @Test
  void aFencedRowHarmsNoOtherOfItsBatch() throws Exception {
    load("bob");
    load("eve");
    data.signal("STOP");
    List<CompletableFuture<Outcome>> outcomes =
        IntStream.range(0, 50)
            .mapToObj(i -> i % 2 == 0 ? row("bob", 9, i, "late") : row("eve", 1, i, "x"))
            .map(write -> journal.write(write).toCompletableFuture())
            .toList();
    data.signal("CONT");
    long committed = 0;
    for (CompletableFuture<Outcome> outcome : outcomes) {
      committed += outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) == Outcome.COMMITTED ? 1 : 0;
    }
    assertThat(committed).isEqualTo(1);
    assertThat(load("bob")).isEmpty();
    assertThat(load("eve")).containsExactly("1 x");
  }

  @Test
  void theRingEmptiesTheOldestSlotAndCarriesWhatIsNeeded() throws Exception {
    long hour = Duration.ofHours(1).toMillis();
    Duration keepFor = Duration.ofHours(JournalRing.SLOTS - 1);
    JournalRing ring = new JournalRing(database.connections(), journal, keepFor, 1 << 30);
    load("bob");
    load("eve");
    assertThat(write(row("bob", 1, 7, "pending"))).isEqualTo(Outcome.COMMITTED);
    assertThat(write(row("eve", 1, 7, "over"))).isEqualTo(Outcome.COMMITTED);
    long begun = count("select since from peerhub.journal_slot");
    assertThat(ring.turnIfDue(begun + hour - 1)).isFalse();
    for (int turn = 1; turn < JournalRing.SLOTS; turn++) {
      assertThat(ring.turnIfDue(begun + turn * hour)).isTrue();
      assertThat(ring.turnIfDue(begun + turn * hour)).isFalse();
    }
    // Eve's next row needs nothing before it; bob has said nothing.
    assertThat(write(needing(row("eve", 2, 7, "next"), 2))).isEqualTo(Outcome.COMMITTED);
    assertThat(load("eve")).containsExactly("1 over", "2 next");
    assertThat(ring.turnIfDue(begun + JournalRing.SLOTS * hour)).isTrue();
    assertThat(load("bob")).containsExactly("1 pending");
    assertThat(load("eve")).containsExactly("2 next");
    assertThat(count("select count(*) from peerhub.message where owner = 'bob'")).isEqualTo(1);
    assertThat(count("select count(*) from peerhub.message where owner = 'eve'")).isEqualTo(1);
    assertThat(write(row("bob", 2, 7, "more"))).isEqualTo(Outcome.COMMITTED);
    assertThat(load("bob")).containsExactly("1 pending", "2 more");
  }

  @Test
  void theRingIsTurnedWhenItsSlotIsFull() throws Exception {
    int slotBytes = 1 << 20;
    JournalRing ring =
        new JournalRing(
            database.connections(),
            journal,
            Duration.ofDays(7),
            (long) slotBytes * (JournalRing.SLOTS - 1));
    load("bob");
    long now = count("select since from peerhub.journal_slot");
    assertThat(ring.turnIfDue(now)).isFalse();
    assertThat(write(row("bob", 1, 7, "x".repeat(slotBytes)))).isEqualTo(Outcome.COMMITTED);
    assertThat(ring.turnIfDue(now)).isTrue();
    assertThat(write(row("bob", 2, 7, "small"))).isEqualTo(Outcome.COMMITTED);
    assertThat(count("select slot from peerhub.journal where seq = 2")).isEqualTo(1);
    assertThat(ring.turnIfDue(now)).isFalse();
  }

  private static JournalWrite needing(JournalWrite write, long needed) {
    JournalWrite.Summary all = write.summary();
    JournalWrite.Summary summary =
        new JournalWrite.Summary(
            needed,
            all.wakeAt(),
            all.pending(),
            all.pendingBytes(),
            all.owed(),
            all.accepted(),
            all.delivered(),
            all.expired(),
            all.rejected(),
            all.dead());
    return new JournalWrite(
        write.owner(),
        write.seq(),
        write.writer(),
        write.at(),
        write.event(),
        write.keys(),
        summary,
        write.snapshot(),
        write.buried(),
        write.raised());
  }

  @Test
  void goesOnFromASnapshotAndKeepsDeadLetters() throws Exception {
    load("bob");
    write(row("bob", 1, 7, "one"));
    DeadLetter dead = new DeadLetter("bob", 4, "alice", "m-1", 3, 10, "no", 99, new byte[] {1, 2});
    JournalWrite second = row("bob", 2, 7, "two");
    write(
        new JournalWrite(
            "bob",
            2,
            7,
            0,
            second.event(),
            new long[0],
            SUMMARY,
            bytes("state"),
            List.of(dead),
            new long[0]));
    write(row("bob", 3, 7, "three"));
    assertThat(load("bob")).containsExactly("2 state*", "3 three");
    assertThat(count("select count(*) from peerhub.dead_letter where place = 4")).isEqualTo(1);
    write(
        new JournalWrite(
            "bob", 4, 7, 0, bytes("four"), new long[0], SUMMARY, null, List.of(), new long[] {4}));
    assertThat(count("select count(*) from peerhub.dead_letter")).isZero();
  }

  @Test
  void givesWhatIsDueToOneWhoAsks() throws Exception {
    load("bob");
    write(row("bob", 1, 7, "one"));
    assertThat(reader.due(4_999, 1_000, 10)).isEmpty();
    assertThat(reader.due(5_000, 1_000, 10)).containsExactly("bob");
    assertThat(reader.due(5_000, 1_000, 10)).isEmpty();
    assertThat(reader.due(6_000, 1_000, 10)).containsExactly("bob");
  }

  @Test
  void holdsWritesBackWhileItsConnectionsAreKilled() throws Exception {
    load("bob");
    for (int i = 1; i <= 20; i++) {
      CompletableFuture<Outcome> outcome =
          journal.write(row("bob", i, 7, "row")).toCompletableFuture();
      killOthers();
      assertThat(outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
    }
    assertThat(load("bob")).hasSize(20);
    await().until(() -> !journal.isAway());
  }

  private void killOthers() throws SQLException {
    for (int tries = 1; !othersAreKilled(tries == 10); tries++) {
      // The pool has given out one that was killed the last time.
    }
  }

  private boolean othersAreKilled(boolean isLastTry) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where pid <> pg_backend_pid() and application_name = 'peerhub'");
      return true;
    } catch (SQLException killed) {
      if (isLastTry) {
        throw killed;
      }
      return false;
    }
  }

  private Outcome write(JournalWrite write) throws Exception {
    return journal.write(write).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private List<String> load(String owner) {
    List<String> rows = new ArrayList<>();
    try {
      reader.load(
          owner,
          (seq, bytes, snapshot) ->
              rows.add(
                  seq + " " + new String(bytes, StandardCharsets.UTF_8) + (snapshot ? "*" : "")));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
    return rows;
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static JournalWrite row(String owner, long seq, long writer, String event) {
    return new JournalWrite(
        owner,
        seq,
        writer,
        0,
        bytes(event),
        new long[] {seq},
        SUMMARY,
        null,
        List.of(),
        new long[0]);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
