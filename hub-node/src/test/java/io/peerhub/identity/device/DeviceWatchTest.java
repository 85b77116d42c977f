package io.peerhub.identity.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peerhub.persistence.DeviceRow;
import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceWatchTest {
  private static final Identity ALICE = new Identity("alice");
  private static final Identity BOB = new Identity("bob/phone");

  private final TestVault store = new TestVault();
  private final List<Identity> told = new ArrayList<>();
  private final Devices devices =
      new Devices(store, TestVault.settings(100), () -> 0, () -> true, Runnable::run);
  private final DeviceWatch watch = new DeviceWatch(new Rows(), devices);

  private final class Rows implements DeviceWatch.Store {
    @Override
    public Optional<DeviceRow> find(Identity identity) throws SQLException {
      return store.find(List.of(identity)).stream().findFirst();
    }

    @Override
    public List<Identity> disabled(int limit) throws SQLException {
      return store.find(List.of(ALICE, BOB)).stream()
          .filter(row -> row.status() == Status.DISABLED)
          .map(DeviceRow::identity)
          .toList();
    }
  }

  @BeforeEach
  void listen() {
    watch.tell(told::addAll);
  }

  @Test
  void whoIsDisabledIsToldAndForgottenAndKeptOutUntilApproved() {
    store.put(BOB, Status.APPROVED);
    devices.find(BOB);
    store.put(BOB, Status.DISABLED);
    watch.changed("bob/phone");
    assertThat(told).containsExactly(BOB);
    assertThat(devices.remembered(BOB)).isEmpty();
    assertThat(watch.isShutOut(BOB)).isTrue();

    store.put(BOB, Status.APPROVED);
    watch.changed("bob/phone");
    assertThat(told).containsExactly(BOB);
    assertThat(watch.isShutOut(BOB)).isFalse();
  }

  @Test
  void afterAGapEverybodyWhoIsShutOutIsToldAndOthersAreNotAnyMore() {
    store.put(ALICE, Status.DISABLED);
    watch.missed();
    store.put(ALICE, Status.APPROVED);
    store.put(BOB, Status.DISABLED);
    watch.missed();
    assertThat(told).containsExactly(ALICE, BOB);
    assertThat(watch.isShutOut(ALICE)).isFalse();
    assertThat(watch.isShutOut(BOB)).isTrue();
  }

  @Test
  void aStoreThatIsAwayEndsTheFeedSoThatEverythingIsAskedAgain() {
    store.away = true;
    assertThatThrownBy(() -> watch.changed("alice")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(watch::missed).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNoIdentityIsPassedOver() {
    watch.changed("no identity\n");
    assertThat(told).isEmpty();
  }
}
