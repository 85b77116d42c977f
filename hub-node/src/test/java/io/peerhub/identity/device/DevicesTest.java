package io.peerhub.identity.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.protocol.Identity;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static final Identity ALICE = new Identity("alice");
  private static final Identity NOBODY = new Identity("nobody");

  private final TestVault store = new TestVault();
  private final AtomicLong nanos = new AtomicLong();
  private final Queue<Runnable> work = new ArrayDeque<>();
  private boolean hears = true;
  private Devices devices;

  @BeforeEach
  void open() {
    store.put(ALICE, Status.APPROVED);
    devices = devices(100);
  }

  private Devices devices(int cacheMax) {
    return new Devices(store, TestVault.settings(cacheMax), nanos::get, () -> hears, work::add);
  }

  @Test
  void aDeviceIsAskedForOnceAndRememberedForItsTime() {
    assertThat(find(ALICE)).isPresent();
    assertThat(find(ALICE)).isPresent();
    assertThat(store.questions).isEqualTo(1);

    pass(60);
    assertThat(devices.remembered(ALICE)).isEmpty();
    assertThat(find(ALICE)).isPresent();
    assertThat(store.questions).isEqualTo(2);
  }

  @Test
  void whileChangesAreNotHeardLittleIsTrusted() {
    find(ALICE);
    hears = false;
    pass(4);
    assertThat(devices.remembered(ALICE)).isPresent();
    pass(1);
    assertThat(devices.remembered(ALICE)).isEmpty();
    hears = true;
    assertThat(devices.remembered(ALICE)).as("heard again, and not old").isPresent();
  }

  @Test
  void aStoreThatIsAwayFailsTheAnswerAndIsAskedAgain() {
    store.away = true;
    CompletableFuture<Optional<Device>> asked = devices.find(ALICE).toCompletableFuture();
    run();
    assertThat(asked).isCompletedExceptionally();

    store.away = false;
    assertThat(find(ALICE)).isPresent();
  }

  @Test
  void aChangeIsForgottenAtOnceAndAnAnswerFromBeforeItIsNotKept() {
    find(ALICE);
    store.put(ALICE, Status.DISABLED);
    devices.forget(ALICE);
    assertThat(find(ALICE).orElseThrow().status()).isEqualTo(Device.Status.DISABLED);

    Lookups.Store slow =
        identities -> {
          var before = store.find(identities);
          store.put(ALICE, Status.PENDING);
          devices.forget(ALICE);
          return before;
        };
    devices = new Devices(slow, TestVault.settings(100), nanos::get, () -> true, work::add);
    assertThat(find(ALICE).orElseThrow().status())
        .as("asked before")
        .isEqualTo(Device.Status.DISABLED);
    assertThat(devices.remembered(ALICE)).isEmpty();
  }

  @Test
  void manyQuestionsAreOneStatementAndTheSameOneIsSharedUntilItIsOut() {
    CompletableFuture<Optional<Device>> first = devices.load(ALICE).toCompletableFuture();
    assertThat(devices.load(ALICE).toCompletableFuture()).isSameAs(first);
    devices.load(NOBODY);
    run();
    assertThat(store.questions).isEqualTo(1);
    assertThat(first.join()).isPresent();
    assertThat(devices.load(ALICE).toCompletableFuture()).isNotSameAs(first);
  }

  @Test
  void theLineForTheStoreEnds() {
    for (int i = 0; i < 100; i++) {
      devices.load(new Identity("n" + i));
    }
    assertThat(devices.load(ALICE).toCompletableFuture()).isCompletedExceptionally();
    run();
    assertThat(find(ALICE)).isPresent();
  }

  @Test
  void whoIsNotThereIsKnownNotToBeOnceItWasAsked() {
    assertThat(devices.mayExist(NOBODY)).as("nothing is known yet").isTrue();
    run();
    assertThat(devices.mayExist(NOBODY)).isFalse();
    assertThat(store.questions).isEqualTo(1);
    store.put(NOBODY, Status.PENDING);
    devices.forget(NOBODY);
    assertThat(devices.mayExist(NOBODY)).isTrue();
    run();
    assertThat(devices.mayExist(NOBODY)).isTrue();
  }

  @Test
  void sendersToUnknownNamesLeaveTheLineToHandshakes() {
    for (int i = 0; i < 1000; i++) {
      devices.mayExist(new Identity("n" + i));
    }
    CompletableFuture<Optional<Device>> handshake = devices.load(ALICE).toCompletableFuture();
    run();
    assertThat(handshake.join()).isPresent();
  }

  @Test
  void whatIsAskedForStaysAndTheRestMakesRoom() {
    devices = devices(32);
    find(ALICE);
    for (int i = 0; i < 500; i++) {
      find(new Identity("n" + i));
      assertThat(devices.remembered(ALICE)).as("after " + i).isPresent();
      assertThat(devices.size()).isLessThanOrEqualTo(32);
    }
  }

  private Optional<Device> find(Identity identity) {
    CompletableFuture<Optional<Device>> found = devices.find(identity).toCompletableFuture();
    run();
    return found.join();
  }

  private void run() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }

  private void pass(int seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
  }
}
