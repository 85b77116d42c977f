package io.peerhub.cluster;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.persistence.rendezvous.Leases;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.Test;

/** What Pekko is told, by what the database says or does not say. */
class DatabaseLeaseTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void saysWhatTheDatabaseSays() throws Exception {
    assertThat(ask("1h", () -> 1)).isTrue();
    assertThat(ask("1h", () -> 0)).isFalse();
    assertThat(asked).hasValue(2);
  }

  /** Pekko would take a failure for a no, and end this side. */
  @Test
  void asksOnWhileTheDatabaseIsAway() throws Exception {
    assertThat(ask("1h", () -> asked.get() < 3 ? -1 : 1)).isTrue();
    assertThat(asked).hasValue(3);
  }

  @Test
  void givesUpInTheEnd() {
    assertThatThrownBy(() -> ask("1ms", () -> -1))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(asked.get()).as("how often is the machine's").isPositive();
  }

  @Test
  void waitsForTheDatabaseToBeOpened() throws Exception {
    CompletableFuture<Leases> opened = new CompletableFuture<>();
    var answer = lease("1h", opened).acquire().toCompletableFuture();
    assertThat(answer).isNotDone();
    opened.complete(leases(() -> 1));
    assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private boolean ask(String patience, IntSupplier rows) throws Exception {
    return lease(patience, CompletableFuture.completedFuture(leases(rows)))
        .acquire()
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static DatabaseLease lease(String patience, CompletableFuture<Leases> leases) {
    Config config =
        ConfigFactory.parseString("lease-operation-timeout = " + patience)
            .withFallback(ConfigFactory.load().getConfig("pekko.coordination.lease"));
    return new DatabaseLease(LeaseSettings.apply(config, "split", "peerhub@127.0.0.1:1"), leases);
  }

  /** A database whose statements change so many rows; below 0 it is away. */
  private Leases leases(IntSupplier rows) {
    DataSource source =
        stub(
            DataSource.class,
            "getConnection",
            () -> stub(Connection.class, "prepareStatement", () -> statement(rows)));
    return new Leases(source, Duration.ofSeconds(3));
  }

  private PreparedStatement statement(IntSupplier rows) {
    return stub(
        PreparedStatement.class,
        "executeUpdate",
        () -> {
          asked.incrementAndGet();
          int count = rows.getAsInt();
          if (count < 0) {
            throw new SQLException("away");
          }
          return count;
        });
  }

  private interface Answer {
    Object get() throws SQLException;
  }

  private static <T> T stub(Class<T> type, String method, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> called.getName().equals(method) ? answer.get() : null));
  }
}
