package io.peerhub.persistence;

import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.persistence.embedded.TestDirectory;
import io.peerhub.protocol.Identity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeviceStoreTest {

  private static final Identity ALICE = new Identity("alice");
  private static final Identity PHONE = new Identity("alice/phone");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @RegisterExtension final TestDirectory data = new TestDirectory();
  private Database database;
  private DeviceStore devices;

  @BeforeEach
  void open() {
    database = Database.open(PatientSettings.of(new DatabaseSettings.Embedded(data.path())));
    devices = database.devices();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void keepsADeviceWithWhatIsSaidOfIt() throws Exception {
    assertThat(devices.find(PHONE)).isEmpty();
    assertThat(devices.add(PHONE, Status.APPROVED, Map.of("site", "'; drop table", "ü", "日本")))
        .isTrue();
    assertThat(devices.add(PHONE, Status.DISABLED, Map.of())).as("it is there").isFalse();

    assertThat(devices.label(PHONE, Map.of("site", "B", "role", "pump"), List.of("ü"))).isTrue();
    assertThat(devices.setStatus(PHONE, Status.DISABLED)).isTrue();

    assertThat(devices.find(List.of(ALICE, PHONE)))
        .containsExactly(
            new DeviceRow(
                PHONE,
                Status.DISABLED,
                Map.of("site", "B", "role", "pump"),
                Optional.empty(),
                List.of()));
    assertThat(devices.disabled(10)).containsExactly(PHONE);
    assertThat(devices.setStatus(ALICE, Status.APPROVED)).as("nobody").isFalse();
    assertThat(devices.label(ALICE, Map.of("a", "b"), List.of())).as("nobody").isFalse();
  }

  @Test
  void pagesInTheOrderOfNamesWithoutARowTwice() throws Exception {
    List<Identity> all = new ArrayList<>();
    for (String text : List.of("A", "a", "a-b", "a.b", "a/b", "a/c", "ab", "b", "b/A", "b/a")) {
      all.add(new Identity(text));
      devices.add(new Identity(text), Status.APPROVED, Map.of());
    }
    devices.setStatus(new Identity("b"), Status.PENDING);

    List<Identity> seen = new ArrayList<>();
    for (List<DeviceRow> page = devices.page(Optional.empty(), 3, Optional.empty());
        !page.isEmpty();
        page = devices.page(Optional.of(seen.getLast()), 3, Optional.empty())) {
      page.forEach(row -> seen.add(row.identity()));
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(all).doesNotHaveDuplicates();
    assertThat(devices.page(Optional.empty(), 100, Optional.of(Status.PENDING)))
        .extracting(DeviceRow::identity)
        .containsExactly(new Identity("b"));
  }

  @Test
  void firstContactsAtOnceMakeOneRow() throws Exception {
    DeviceContacts contacts = database.deviceContacts();
    Callable<Integer> contact = () -> contacts.record(List.of(contact(PHONE, NOON)), MINUTE);
    int written = 0;
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> one :
          nodes.invokeAll(IntStream.range(0, 100).mapToObj(_ -> contact).toList())) {
        written += one.get();
      }
    }
    assertThat(written).isEqualTo(1);
    assertThat(count("device")).isEqualTo(1);
    assertThat(devices.find(PHONE).orElseThrow().seen())
        .contains(new DeviceRow.Seen(NOON, NOON, "10.0.0.1", "test/1", 1));
  }

  @Test
  void aReturnIsWrittenOnlyIfItIsNews() throws Exception {
    DeviceContacts contacts = database.deviceContacts();
    contacts.record(List.of(contact(PHONE, NOON)), MINUTE);

    assertThat(contacts.record(List.of(contact(PHONE, NOON.plusSeconds(59))), MINUTE)).isZero();
    assertThat(contacts.record(List.of(contact(PHONE, NOON.plusSeconds(60))), MINUTE)).isOne();
    Contact moved =
        new Contact(PHONE, NOON.plusSeconds(61), "10.0.0.2", "test/2", 1, Status.PENDING);
    assertThat(contacts.record(List.of(moved), MINUTE)).isOne();
    assertThat(contacts.record(List.of(contact(PHONE, NOON)), MINUTE)).as("older").isZero();

    DeviceRow row = devices.find(PHONE).orElseThrow();
    assertThat(row.status()).as("set once").isEqualTo(Status.APPROVED);
    assertThat(row.seen())
        .contains(new DeviceRow.Seen(NOON, NOON.plusSeconds(61), "10.0.0.2", "test/2", 1));
  }

  @Test
  void whatAPeerCallsItselfCannotSpoilTheRest() throws Exception {
    Contact hostile =
        new Contact(PHONE, NOON, "::1", "a\0b\ud800" + "x".repeat(300), 1, Status.APPROVED);
    database.deviceContacts().record(List.of(hostile, contact(ALICE, NOON)), MINUTE);

    assertThat(count("device")).isEqualTo(2);
    assertThat(devices.find(PHONE).orElseThrow().seen().orElseThrow().client())
        .startsWith("a?b?xx")
        .hasSize(128);
  }

  @Test
  void aKeyThatIsSealedAnewStaysInItsPlace() throws Exception {
    devices.add(PHONE, Status.APPROVED, Map.of());
    DeviceKeys keys = database.deviceKeys();
    keys.put(PHONE, key("k1"), false);
    keys.put(PHONE, key("k2"), false);
    SealedKey anew = new SealedKey("k1", SealedKey.Kind.HMAC, "newer", new byte[12], new byte[20]);

    assertThat(keys.replace(PHONE, anew)).isTrue();
    assertThat(keys.replace(ALICE, anew)).as("nobody's").isFalse();

    List<SealedKey> found = devices.find(PHONE).orElseThrow().keys();
    assertThat(found).extracting(SealedKey::keyId).containsExactly("k2", "k1");
    assertThat(found.getLast().masterKey()).isEqualTo("newer");
    assertThat(found.getLast().sealed()).hasSize(20);
  }

  @Test
  void aRotationKeepsTheNewestKeyBesideTheOneThatComes() throws Exception {
    devices.add(PHONE, Status.APPROVED, Map.of());
    DeviceKeys keys = database.deviceKeys();
    for (String id : List.of("k1", "k2", "k3", "k4")) {
      assertThat(keys.put(PHONE, key(id), false)).isTrue();
    }
    assertThat(keyIds(PHONE)).containsExactly("k4", "k3");

    keys.put(PHONE, key("k5"), true);
    assertThat(keyIds(PHONE)).containsExactly("k5");
    assertThat(keys.put(ALICE, key("k1"), false)).as("nobody").isFalse();
    assertThat(keys.countByMasterKey()).containsExactly(Map.entry("m1", 1L));
  }

  @Test
  void rotationsAtOnceLeaveTwoKeys() throws Exception {
    devices.add(PHONE, Status.APPROVED, Map.of());
    try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> rotations =
          IntStream.range(0, 20)
              .<Callable<Boolean>>mapToObj(
                  i -> () -> database.deviceKeys().put(PHONE, key("k" + i), false))
              .toList();
      for (Future<Boolean> rotation : operators.invokeAll(rotations)) {
        assertThat(rotation.get()).isTrue();
      }
    }
    assertThat(keyIds(PHONE)).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void everyChangeIsToldToWhoFollowsButNotThatAPeerWasSeen() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ChangeFeed feed = database.deviceChanges(reader(heard))) {
      await().until(() -> heard.contains("missed") && feed.isLive());
      heard.clear();
      devices.add(PHONE, Status.APPROVED, Map.of());
      database.deviceContacts().record(List.of(contact(PHONE, NOON)), MINUTE);
      database.deviceKeys().put(PHONE, key("k1"), false);
      devices.setStatus(PHONE, Status.DISABLED);
      execute("delete from peerhub.device");
      await().until(() -> heard.size() >= 4);
      // What is heard behind it tells that nothing more was said of the phone.
      devices.add(ALICE, Status.APPROVED, Map.of());
      await().until(() -> heard.contains("alice"));
      assertThat(heard)
          .containsExactly("alice/phone", "alice/phone", "alice/phone", "alice/phone", "alice");
    }
  }

  @Test
  void whoFollowsIsToldThatChangesMayHaveGoneByWithALostConnection() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ChangeFeed feed = database.deviceChanges(reader(heard))) {
      await().until(feed::isLive);
      heard.clear();
      execute(
          // An empty one is what it asks to see whether its connection lives.
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where (query like 'listen%' or query = '')"
              + " and application_name = 'peerhub' and pid <> pg_backend_pid()");
      await().until(() -> heard.contains("missed"));
      await().until(feed::isLive);
      devices.add(ALICE, Status.APPROVED, Map.of());
      await().until(() -> heard.contains("alice"));
    }
  }

  @Test
  void noLocaleCallsTwoIdentitiesEqual() throws Exception {
    for (String text : List.of("alice", "Alice", "ALICE", "a.lice", "a-lice", "alice/alice")) {
      assertThat(devices.add(new Identity(text), Status.APPROVED, Map.of())).as(text).isTrue();
    }
    assertThat(count("device")).isEqualTo(6);
  }

  @Test
  void theTableItselfTakesNoThirdKeyAndNoSecondRow() throws Exception {
    devices.add(PHONE, Status.APPROVED, Map.of());
    database.deviceKeys().put(PHONE, key("k1"), false);
    String third =
        "insert into peerhub.device_key (device_id, key_id, kind, slot, master_key, nonce, sealed)"
            + " select device_id, 'x', kind, 3, master_key, nonce, sealed from peerhub.device_key";
    assertThat(failure(third)).isEqualTo("23514");
    assertThat(failure(third.replace(" 3,", " 1,"))).isEqualTo("23505");
    assertThat(
            failure(
                "insert into peerhub.device (name, device, status) values ('alice', 'phone',"
                    + " 'approved')"))
        .isEqualTo("23505");
  }

  private static Contact contact(Identity identity, Instant at) {
    return new Contact(
        identity, at.truncatedTo(ChronoUnit.MICROS), "10.0.0.1", "test/1", 1, Status.APPROVED);
  }

  private static SealedKey key(String id) {
    return new SealedKey(id, SealedKey.Kind.HMAC, "m1", new byte[12], new byte[48]);
  }

  private List<String> keyIds(Identity identity) throws SQLException {
    return devices.find(identity).orElseThrow().keys().stream().map(SealedKey::keyId).toList();
  }

  private static ChangeFeed.Reader reader(List<String> heard) {
    return new ChangeFeed.Reader() {
      @Override
      public void changed(String what) {
        heard.add(what);
      }

      @Override
      public void missed() {
        heard.add("missed");
      }
    };
  }

  private String failure(String sql) {
    try {
      execute(sql);
      return "none";
    } catch (SQLException refused) {
      return refused.getSQLState();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count(String table) throws SQLException {
    try (Connection connection = database.connections().getConnection();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery("select count(*) from peerhub." + table)) {
      result.next();
      return result.getLong(1);
    }
  }
}
