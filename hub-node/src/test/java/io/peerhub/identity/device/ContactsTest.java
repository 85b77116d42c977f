package io.peerhub.identity.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.persistence.Contact;
import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ContactsTest {
  private final Map<Identity, Contact> written = new ConcurrentHashMap<>();
  private final AtomicInteger statements = new AtomicInteger();
  private volatile boolean away;

  @Test
  void theLastContactOfEachIsWrittenAtTheEndAtTheLatest() {
    CountDownLatch held = new CountDownLatch(1);
    Contacts contacts =
        Contacts.start(
            batch -> {
              statements.incrementAndGet();
              batch.forEach(contact -> written.put(contact.identity(), contact));
              held.countDown();
            },
            TestVault.settings(1));
    for (int i = 0; i < 50; i++) {
      contacts.note(contact("alice", "10.0.0." + i));
      contacts.note(contact("bob", "10.0.1." + i));
    }
    contacts.close();

    assertThat(written).hasSize(2);
    assertThat(written.get(new Identity("alice")).address()).isEqualTo("10.0.0.49");
    assertThat(statements.get()).isLessThan(50);
  }

  @Test
  void whatTheStoreDoesNotTakeWaitsAndNoMoreThanThat() {
    away = true;
    try (Contacts contacts = Contacts.start(this::record, TestVault.settings(1))) {
      for (int i = 0; i < 1000; i++) {
        contacts.note(contact("n" + i, "10.0.0.1"));
      }
      await().until(() -> statements.get() > 3);
      away = false;
      await().until(() -> written.size() >= 100);
    }
    // While a batch was out, as many again could gather.
    assertThat(written).hasSizeLessThanOrEqualTo(200);
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
