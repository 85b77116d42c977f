package io.peerhub.identity.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.TestVault;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordProofTest {
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
                    await().until(() -> held.getCount() == 0);
                    atOnce.decrementAndGet();
                    return new Proving.Wrong();
                  })
              .toCompletableFuture());
    }
    long refused = all.stream().filter(CompletableFuture::isDone).count();
    assertThat(refused).isEqualTo(96);
    assertThat(all.getLast().join()).isEqualTo(new Proving.Unable(Refusal.TOO_MANY));
    held.countDown();
    assertThat(all.getFirst().join()).isEqualTo(new Proving.Wrong());
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void whoHasWaitedLongerThanAHandshakeLastsCostsNothingAnyMore() {
    CountDownLatch held = new CountDownLatch(1);
    workers.examine(
        () -> {
          await().until(() -> held.getCount() == 0);
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
    assertThat(late.join()).isEqualTo(new Proving.Unable(Refusal.TOO_MANY));
    assertThat(done.get()).isZero();
  }

  /**
   * The work of an unknown name is that of a known one: medians over many, in turns, so that what
   * else the machine does falls on both.
   */
  @Test
  void theTimeOfAWrongPasswordDoesNotTellWhetherThereIsOne() {
    Optional<Device> alice = device(ALICE, ALICE, PASSWORD);
    long[] known = new long[201];
    long[] unknown = new long[known.length];
    for (int i = 0; i < known.length; i++) {
      known[i] = timed(alice);
      unknown[i] = timed(Optional.empty());
    }
    double ratio = (double) median(known) / median(unknown);
    assertThat(ratio).isBetween(0.8, 1.25);
  }

  private long timed(Optional<Device> device) {
    long began = System.nanoTime();
    assertThat(judged(ALICE, "wrong", device)).isEqualTo(new Proving.Wrong());
    return System.nanoTime() - began;
  }

  private static long median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Proving.Finding judged(Identity identity, String password, Optional<Device> device) {
    Caller caller = new Caller("10.0.0.1", true, "test", 1);
    return proof
        .examine(
            new Proving.Claim(identity, caller, "00"),
            new Frame.Proof("", "", password, ""),
            device)
        .toCompletableFuture()
        .join();
  }

  private Optional<Device> device(Identity identity, Identity sealedFor, String password) {
    byte[] hash = PasswordHash.of(password, CHEAP).text().getBytes(StandardCharsets.US_ASCII);
    SealedKey sealed = store.vault.seal(sealedFor, Kind.PASSWORD, hash);
    return Optional.of(
        new Device(identity, Device.Status.APPROVED, Map.of(), Optional.empty(), List.of(sealed)));
  }
}
