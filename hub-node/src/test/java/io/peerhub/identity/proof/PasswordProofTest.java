package io.peerhub.identity.proof;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.TestVault;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordProofTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final PasswordSettings CHEAP = new PasswordSettings(1024, 1, 1, 1, 10);
  private static final Identity ALICE = new Identity("alice");
  private static final String PASSWORD = "correct horse, grün";

  private final AtomicLong nanos = new AtomicLong();
  private final ProofWorkers workers =
      new ProofWorkers("test", 1, 3, Duration.ofSeconds(10), nanos::get);
  private final TestVault store = new TestVault();
  private final List<Identity> unopened = new ArrayList<>();
  private final PasswordProof proof = new PasswordProof(store.vault, CHEAP, workers, unopened::add);

  @AfterEach
  void stop() {
    workers.close();
  }

  @Test
  void hashesAreThoseOfTheReferenceImplementation() {
    PasswordHash reference =
        PasswordHash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
            .orElseThrow();
    assertThat(reference.matches("password")).isTrue();
    assertThat(reference.matches("Password")).isFalse();
  }

  @Test
  void aHashTellsItsCostAndIsNeverTheSameTwice() {
    PasswordHash hash = PasswordHash.of(PASSWORD, CHEAP);
    assertThat(hash.text()).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
    assertThat(hash.text()).isNotEqualTo(PasswordHash.of(PASSWORD, CHEAP).text());
    assertThat(hash.toString()).doesNotContain(hash.text());
    PasswordHash again = PasswordHash.parse(hash.text()).orElseThrow();
    assertThat(again.matches(PASSWORD)).isTrue();
    assertThat(again.matches("correct horse, gru\u0308n")).as("the same to its reader").isTrue();
    assertThat(again.matches("correct horse, grun")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$argon2i$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=1024,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=1024,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=1024,t=1,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$AAAA"
      })
  void whatIsNoHashOrWouldCostBeyondMeasureIsNone(String text) {
    assertThat(PasswordHash.parse(text)).isEmpty();
  }

  @Test
  void onlyTheDevicesOwnPasswordIsRight() {
    Optional<Device> alice = device(ALICE, ALICE, PASSWORD);
    assertThat(judged(ALICE, PASSWORD, alice)).isInstanceOf(Proving.Right.class);
    assertThat(judged(ALICE, "wrong", alice)).isEqualTo(new Proving.Wrong());
    assertThat(judged(ALICE, "", alice)).isEqualTo(new Proving.Wrong());
    assertThat(judged(ALICE, PASSWORD, Optional.empty())).isEqualTo(new Proving.Wrong());
    assertThat(judged(ALICE, "", Optional.empty())).as("nobody's").isEqualTo(new Proving.Wrong());
    assertThat(proof.needsSecrecy()).isTrue();
    assertThat(unopened).isEmpty();
  }

  @Test
  void aHashThatWasCopiedFromAnotherDeviceOpensNothing() {
    Optional<Device> copied = device(ALICE, new Identity("bob"), PASSWORD);
    assertThat(judged(ALICE, PASSWORD, copied)).isEqualTo(new Proving.Wrong());
    assertThat(unopened).containsExactly(ALICE);
  }

  @Test
  void aFloodWaitsInALineThatEndsAndNoMoreIsDoneAtOnce() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Proving.Finding>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(
          workers
              .examine(
                  () -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    awaitQuietly(held);
                    atOnce.decrementAndGet();
                    return new Proving.Wrong();
                  })
              .toCompletableFuture());
    }
    long refused = all.stream().filter(CompletableFuture::isDone).count();
    assertThat(refused).isEqualTo(96);
    assertThat(ended(all.getLast())).isEqualTo(new Proving.Unable(Refusal.TOO_MANY));
    held.countDown();
    assertThat(ended(all.getFirst())).isEqualTo(new Proving.Wrong());
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void whoHasWaitedLongerThanAHandshakeLastsCostsNothingAnyMore() {
    CountDownLatch held = new CountDownLatch(1);
    workers.examine(
        () -> {
          awaitQuietly(held);
          return new Proving.Wrong();
        });
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<Proving.Finding> late =
        workers
            .examine(
                () -> {
                  done.incrementAndGet();
                  return new Proving.Wrong();
                })
            .toCompletableFuture();
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    held.countDown();
    assertThat(ended(late)).isEqualTo(new Proving.Unable(Refusal.TOO_MANY));
    assertThat(done.get()).isZero();
  }

  /**
   * What Argon2 costs is the memory that it fills, which the JVM counts for each thread: the work
   * for an unknown name is that for a known one, one hash.
   */
  @Test
  void theWorkForAWrongPasswordDoesNotTellWhetherThereIsOne() {
    Optional<Device> alice = device(ALICE, ALICE, PASSWORD);
    allocatedFor(alice); // classes are loaded
    long oneHash = CHEAP.memoryKib() * 1024L;
    for (Optional<Device> device : List.of(alice, Optional.<Device>empty())) {
      assertThat(allocatedFor(device)).as("for %s", device).isBetween(oneHash, 2 * oneHash - 1);
    }
  }

  /** How many bytes the one worker has allocated between two looks at it, a proof in the middle. */
  private long allocatedFor(Optional<Device> device) {
    long[] allocated = new long[2];
    List<CompletableFuture<Proving.Finding>> all =
        List.of(look(allocated, 0), examined(ALICE, "wrong", device), look(allocated, 1));
    all.forEach(each -> assertThat(ended(each)).isEqualTo(new Proving.Wrong()));
    return allocated[1] - allocated[0];
  }

  private CompletableFuture<Proving.Finding> look(long[] allocated, int at) {
    return workers
        .examine(
            () -> {
              allocated[at] = THREADS.getCurrentThreadAllocatedBytes();
              return new Proving.Wrong();
            })
        .toCompletableFuture();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static Proving.Finding ended(CompletableFuture<Proving.Finding> finding) {
    return finding.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private Proving.Finding judged(Identity identity, String password, Optional<Device> device) {
    return ended(examined(identity, password, device));
  }

  private CompletableFuture<Proving.Finding> examined(
      Identity identity, String password, Optional<Device> device) {
    Caller caller = new Caller("10.0.0.1", true, "test", 1);
    return proof
        .examine(
            new Proving.Claim(identity, caller, "00"),
            new Frame.Proof("", "", password, ""),
            device)
        .toCompletableFuture();
  }

  private Optional<Device> device(Identity identity, Identity sealedFor, String password) {
    byte[] hash = PasswordHash.of(password, CHEAP).text().getBytes(StandardCharsets.US_ASCII);
    SealedKey sealed = store.vault.seal(sealedFor, Kind.PASSWORD, hash);
    return Optional.of(
        new Device(identity, Device.Status.APPROVED, Map.of(), Optional.empty(), List.of(sealed)));
  }
}
