package io.peerhub.identity.device;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.Contact;
import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContactsTest {
  private final Map<Identity, Contact> written = new ConcurrentHashMap<>();
  private final AtomicInteger statements = new AtomicInteger();
  private volatile boolean away;

  /** The store is at the first of them while all the others come. */
  @Test
  void theLastContactOfEachIsWrittenAtTheEndAtTheLatest() {
    CountDownLatch held = new CountDownLatch(1);
    Contacts contacts =
        Contacts.start(
            batch -> {
              statements.incrementAndGet();
              awaitQuietly(held);
              batch.forEach(contact -> written.put(contact.identity(), contact));
            },
            TestVault.settings(1));
    for (int i = 0; i < 50; i++) {
      contacts.note(contact("alice", "10.0.0." + i));
      contacts.note(contact("bob", "10.0.1." + i));
    }
    held.countDown();
    contacts.close();

    assertThat(written).hasSize(2);
    assertThat(written.get(new Identity("alice")).address()).isEqualTo("10.0.0.49");
    assertThat(statements.get()).isBetween(1, 2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each time that the store says no, a thousand others have come meanwhile. */
  @Test
  void whatTheStoreDoesNotTakeWaitsAndNoMoreThanThat() throws Exception {
    CompletableFuture<Contacts> started = new CompletableFuture<>();
    AtomicInteger largest = new AtomicInteger();
    Contacts.Book book =
        batch -> {
          largest.accumulateAndGet(batch.size(), Math::max);
          if (statements.incrementAndGet() <= 5) {
            for (int i = 0; i < 1000; i++) {
              started.join().note(contact("n" + statements.get() + "-" + i, "10.0.0.1"));
            }
            throw new SQLException("no connection");
          }
          batch.forEach(contact -> written.put(contact.identity(), contact));
        };
    try (Contacts contacts = Contacts.start(book, TestVault.settings(1))) {
      started.complete(contacts);
      contacts.note(contact("first", "10.0.0.1"));
      await().until(() -> !written.isEmpty());
    }
    assertThat(largest).hasValue(100);
    assertThat(written).hasSize(100);
  }

  @Test
  void aStoreThatIsAwayAtTheEndIsNotWaitedFor() {
    away = true;
    Contacts contacts = Contacts.start(this::record, TestVault.settings(1));
    contacts.note(contact("alice", "10.0.0.1"));
    contacts.close();
    assertThat(written).isEmpty();
  }

  private void record(java.util.Collection<Contact> batch) throws SQLException {
    statements.incrementAndGet();
    if (away) {
      throw new SQLException("no connection");
    }
    batch.forEach(contact -> written.put(contact.identity(), contact));
  }

  private static Contact contact(String name, String address) {
    return new Contact(new Identity(name), Instant.EPOCH, address, "test", 1, Status.APPROVED);
  }
}
