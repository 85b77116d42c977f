package io.peerhub.persistence;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.persistence.embedded.TestDirectory;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TermsTest {

  /** Epochs are term * 2^20 + count, below 2^53. */
  private static final long TERM_LIMIT = 1L << 33;

  @RegisterExtension final TestDirectory data = new TestDirectory();
  private DatabaseSettings settings;

  @BeforeEach
  void prepare() {
    settings = PatientSettings.of(new DatabaseSettings.Embedded(data.path()));
  }

  @Test
  void areGreaterThanEveryTermGivenBefore() {
    try (Database first = Database.open(settings);
        Database second = Database.open(settings)) {
      long previous = 0;
      for (int i = 0; i < 50; i++) {
        long term = get((i % 2 == 0 ? first : second).terms());
        assertThat(term).isGreaterThan(previous).isLessThan(TERM_LIMIT);
        previous = term;
      }
    }
  }

  @Test
  void areGivenOnceEachToAStormOfCalls() {
    try (Database database = Database.open(settings)) {
      List<Long> given =
          Stream.generate(() -> database.terms().next().toCompletableFuture())
              .limit(20_000)
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      assertThat(given).doesNotHaveDuplicates().isSorted();
      assertThat(database.terms().givenCount()).isEqualTo(20_000);
      assertThat(database.terms().waitingCount()).isZero();
    }
  }

  @Test
  void riseAcrossARestart() {
    long before;
    try (Database database = Database.open(settings)) {
      before = get(database.terms());
    }
    try (Database database = Database.open(settings)) {
      assertThat(get(database.terms())).isGreaterThan(before);
    }
  }

  /**
   * Several nodes draw while the server is killed: what any of them was given never comes again.
   */
  @Test
  void neverFallWhenTheServerIsKilledInTheMiddleOfGivingThem() throws Exception {
    long highest = 0;
    for (int round = 0; round < 4; round++) {
      try (Database database = Database.open(settings)) {
        assertThat(get(database.terms())).isGreaterThan(highest);
        highest = highestDrawnUntilKilled(database);
      }
    }
    try (Database database = Database.open(settings)) {
      assertThat(get(database.terms())).isGreaterThan(highest);
    }
  }

  /**
   * A transaction that never ends has moved the sequence's log ahead, unwritten to disk; a term
   * given meanwhile stands on that log, and the server dies at once. Fails without the message that
   * the query of {@link Terms} writes.
   */
  @Test
  void areOnDiskWhenTheyAreGivenEvenIfAnotherTransactionMovedTheSequence() throws Exception {
    long given;
    try (Database database = Database.open(settings);
        Connection other = database.connections().getConnection();
        Statement statement = other.createStatement()) {
      get(database.terms());
      statement.execute("begin");
      statement.execute("select nextval('peerhub.peer_term') from generate_series(1, 40)");
      given = get(database.terms());
      data.signal("KILL");
    }
    try (Database database = Database.open(settings)) {
      assertThat(get(database.terms())).isGreaterThan(given);
    }
  }

  /** The pool is far more patient, so that it is the deadline of a term that ends the wait. */
  @Test
  void failInTimeWhileTheDatabaseIsAwayAndRecoverByThemselves() throws Exception {
    Duration deadline = DatabaseSettings.of(settings.source()).termDeadline();
    try (Database database = Database.open(settings);
        Terms terms = new Terms(database.connections(), deadline, 1000)) {
      long before = get(database.terms());
      data.signal("STOP");
      CompletableFuture<Long> answer = terms.next().toCompletableFuture();
      assertThatThrownBy(() -> answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .extracting(failure -> ((DatabaseUnavailable) failure.getCause()).reason())
          .isEqualTo(DatabaseUnavailable.Reason.AWAY);
      // Counted by who failed it, which may be a moment after its caller was told.
      await().until(() -> terms.failedCount() == 1);

      data.signal("CONT");
      await().ignoreExceptions().until(() -> get(terms) > before);
    }
  }

  @Test
  void comeBackAfterTheEmbeddedServerDied() throws Exception {
    try (Database database = Database.open(settings)) {
      long before = get(database.terms());
      data.signal("KILL");
      await().ignoreExceptions().until(() -> get(database.terms()) > before);
    }
  }

  @Test
  void areRefusedOnceTooManyWait() throws Exception {
    try (Database database = Database.open(PatientSettings.of(settings.source(), 10))) {
      get(database.terms());
      data.signal("STOP");
      List<CompletableFuture<Long>> answers =
          IntStream.range(0, 30)
              .mapToObj(_ -> database.terms().next().toCompletableFuture())
              .toList();
      // Ten may have been taken to be asked for before the last of them came; ten more wait.
      List<CompletableFuture<Long>> refused =
          answers.stream().filter(CompletableFuture::isDone).toList();
      assertThat(refused)
          .hasSizeBetween(10, 20)
          .extracting(answer -> ((DatabaseUnavailable) answer.exceptionNow()).reason())
          .containsOnly(DatabaseUnavailable.Reason.FULL);
      assertThat(database.terms().waitingCount()).isLessThanOrEqualTo(10);
      data.signal("CONT");
    }
  }

  @Test
  void areRefusedAfterTheEnd() {
    Terms terms;
    try (Database database = Database.open(settings)) {
      terms = database.terms();
    }
    assertThat(terms.next().toCompletableFuture().exceptionNow())
        .extracting(failure -> ((DatabaseUnavailable) failure).reason())
        .isEqualTo(DatabaseUnavailable.Reason.CLOSED);
  }

  private long highestDrawnUntilKilled(Database killed) throws Exception {
    AtomicLong highest = new AtomicLong();
    List<Terms> nodes =
        IntStream.range(0, 4)
            .mapToObj(_ -> new Terms(killed.connections(), PATIENCE, 1000))
            .toList();
    List<Thread> drawing =
        nodes.stream()
            .map(terms -> Thread.ofVirtual().start(() -> drawUntilClosed(terms, highest)))
            .toList();
    long enough = get(killed.terms()) + 500;
    await().pollInterval(Duration.ofMillis(1)).until(() -> highest.get() > enough);
    data.signal("KILL");
    nodes.forEach(Terms::close);
    for (Thread node : drawing) {
      assertThat(node.join(PATIENCE)).isTrue();
    }
    return highest.get();
  }

  private static void drawUntilClosed(Terms terms, AtomicLong highest) {
    try {
      while (true) {
        highest.accumulateAndGet(get(terms), Math::max);
      }
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(DatabaseUnavailable.class);
    }
  }

  private static long get(Terms terms) {
    return terms.next().toCompletableFuture().join();
  }
}
