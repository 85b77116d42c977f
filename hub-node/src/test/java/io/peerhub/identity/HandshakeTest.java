package io.peerhub.identity;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.Devices;
import io.peerhub.identity.device.TestVault;
import io.peerhub.identity.proof.Caller;
import io.peerhub.identity.proof.HmacProof;
import io.peerhub.identity.proof.KeySource;
import io.peerhub.identity.proof.Proving;
import io.peerhub.persistence.Contact;
import io.peerhub.persistence.DeviceRow;
import io.peerhub.persistence.DeviceRow.Status;
import io.peerhub.persistence.SealedKey;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final Identity ALICE = new Identity("alice");
  private static final Identity BOB = new Identity("bob");
  private static final Identity NOBODY = new Identity("nobody");
  private static final byte[] FIRST = key("first key of alice, 32 bytes long");
  private static final byte[] SECOND = key("second key of alice, for rotation");
  private static final byte[] BOBS = key("the key of bob is just as long as");
  private static final byte[] NOBODYS = key("a key that nobody has been given");
  private static final Caller CALLER = new Caller("10.0.0.1", false, "test/1", 1);

  private final TestVault store = new TestVault();
  private final AtomicLong nanos = new AtomicLong(1);
  private final List<Contact> contacts = new ArrayList<>();
  private final List<Identity> unopened = new ArrayList<>();
  private final AtomicInteger examined = new AtomicInteger();
  private final Devices devices =
      new Devices(store, TestVault.settings(100), nanos::get, () -> true, Runnable::run);
  private Identities door;

  @BeforeEach
  void open() {
    store.put(ALICE, Status.APPROVED, FIRST, SECOND);
    store.put(BOB, Status.APPROVED, BOBS);
    door = door(counted(HmacProof.of(store.vault, unopened::add)), Duration.ZERO);
  }

  private Identities door(Proving method, Duration step) {
    BackOffSettings patience =
        new BackOffSettings(
            1000,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofMinutes(15),
            1000,
            1,
            1000);
    BackOff backOff = new BackOff(patience, nanos::get);
    Judge judge = new Judge(devices, contacts::add, backOff, step, nanos::get, Clock.systemUTC());
    return Identities.proven(
        Map.of("hmac", method),
        judge,
        new Identities.Knowledge(devices::mayExist, identity -> false));
  }

  private Proving counted(Proving method) {
    return new Proving() {
      @Override
      public boolean needsSecrecy() {
        return method.needsSecrecy();
      }

      @Override
      public CompletionStage<Finding> examine(
          Claim claim, Frame.Proof proof, Optional<Device> device) {
        examined.incrementAndGet();
        return method.examine(claim, proof, device);
      }
    };
  }

  @Test
  void aPeerWithItsKeyIsProvenAndGetsTheHubsOwnProof() {
    Handshake handshake = begin(ALICE);
    String nonce = HandshakeProof.nonce();

    Handshake.Verdict verdict = judge(handshake, proof(FIRST, ALICE, handshake.nonce(), nonce));

    assertThat(verdict)
        .isEqualTo(
            new Handshake.Proven(
                HandshakeProof.mac(FIRST, Side.HUB, "alice", handshake.nonce(), nonce),
                Map.of("role", "tester")));
  }

  @Test
  void bothKeysAreGoodWhileOneReplacesTheOther() {
    for (byte[] key : List.of(FIRST, SECOND)) {
      assertThat(tried(ALICE, key)).isInstanceOf(Handshake.Proven.class);
    }
  }

  @Test
  void aKeyThatWasReplacedIsFoundEvenIfNobodyHeardOfIt() {
    assertThat(tried(ALICE, FIRST)).isInstanceOf(Handshake.Proven.class);
    store.put(ALICE, Status.APPROVED, BOBS);
    assertThat(tried(ALICE, BOBS)).isInstanceOf(Handshake.Proven.class);
    assertThat(tried(ALICE, SECOND)).isEqualTo(refused());
  }

  @Test
  void aProofForAnotherConnectionIsRefused() {
    Handshake overheard = begin(ALICE);
    Frame.Proof proof = proof(FIRST, ALICE, overheard.nonce(), HandshakeProof.nonce());

    assertThat(judge(begin(ALICE), proof)).isEqualTo(refused());
  }

  @Test
  void theHubsOwnProofSentBackIsRefused() {
    Handshake handshake = begin(ALICE);
    String nonce = HandshakeProof.nonce();
    String reflected = HandshakeProof.mac(FIRST, Side.HUB, "alice", handshake.nonce(), nonce);

    assertThat(judge(handshake, new Frame.Proof(nonce, reflected, "", ""))).isEqualTo(refused());
  }

  @Test
  void oneIdentitysKeyOpensNoOther() {
    Handshake handshake = begin(ALICE);

    assertThat(judge(handshake, proof(BOBS, ALICE, handshake.nonce(), HandshakeProof.nonce())))
        .isEqualTo(refused());
    assertThat(judge(handshake, proof(BOBS, BOB, handshake.nonce(), HandshakeProof.nonce())))
        .isEqualTo(refused());
  }

  @Test
  void aSealedKeyThatWasCopiedToAnotherRowOpensNothing() {
    List<SealedKey> bobs = store.row(BOB).keys();
    store.put(new DeviceRow(ALICE, Status.APPROVED, Map.of(), Optional.empty(), bobs));

    assertThat(tried(ALICE, BOBS)).isEqualTo(refused());
    assertThat(unopened).containsExactly(ALICE);
  }

  @Test
  void whoeverFailsHasCostTheSameWorkAndGetsTheSameAnswer() {
    assertThat(tried(BOB, BOBS)).as("bob is remembered").isInstanceOf(Handshake.Proven.class);
    for (Identity identity : List.of(ALICE, BOB, NOBODY, BOB, NOBODY)) {
      int questions = store.questions;
      int examinations = examined.get();
      assertThat(tried(identity, NOBODYS)).isEqualTo(refused());
      assertThat(store.questions - questions).as("questions for " + identity).isEqualTo(1);
      assertThat(examined.get() - examinations).as("work for " + identity).isEqualTo(1);
    }
  }

  @Test
  void noAnswerToAWrongProofComesBeforeTheEndOfAStep() {
    door = door(HmacProof.of(store.vault, unopened::add), Duration.ofHours(1));
    CompletableFuture<Handshake.Verdict> wrong = begun(ALICE, BOBS).toCompletableFuture();
    assertThat(begun(ALICE, FIRST).toCompletableFuture()).as("right: at once").isDone();
    assertThat(wrong).isNotDone();

    door = door(HmacProof.of(store.vault, unopened::add), Duration.ofMillis(1));
    assertThat(begun(ALICE, BOBS).toCompletableFuture())
        .succeedsWithin(PATIENCE)
        .isEqualTo(refused());
  }

  @Test
  void aProofWithoutMacIsRefused() {
    assertThat(judge(begin(ALICE), new Frame.Proof(HandshakeProof.nonce(), "", "secret", "")))
        .isEqualTo(refused());
  }

  @Test
  void everyChallengeIsFresh() {
    assertThat(begin(ALICE).nonce()).matches("[0-9a-f]{64}").isNotEqualTo(begin(ALICE).nonce());
  }

  @Test
  void whatAnOperatorHasDecidedIsToldToWhoProvedItAlone() {
    store.put(ALICE, Status.DISABLED, FIRST);
    store.put(BOB, Status.PENDING, BOBS);

    assertThat(tried(ALICE, SECOND)).isEqualTo(refused());
    assertThat(tried(BOB, SECOND)).isEqualTo(refused());
    assertThat(tried(ALICE, FIRST)).isEqualTo(new Handshake.Refused(Refusal.DISABLED));
    assertThat(tried(BOB, BOBS)).isEqualTo(new Handshake.Refused(Refusal.NOT_ALLOWED));
    assertThat(contacts).extracting(Contact::identity).as("it has come").containsExactly(BOB);
  }

  @Test
  void whoIsLetInIsNotedAndWhoIsNotIsNot() {
    tried(ALICE, BOBS);
    tried(NOBODY, BOBS);
    assertThat(contacts).isEmpty();
    tried(ALICE, FIRST);
    assertThat(contacts)
        .singleElement()
        .satisfies(contact -> assertThat(contact.address()).isEqualTo("10.0.0.1"))
        .satisfies(contact -> assertThat(contact.client()).isEqualTo("test/1"));
  }

  @Test
  void aStoreThatIsAwayLetsNobodyInButWhoIsRemembered() {
    assertThat(tried(ALICE, FIRST)).isInstanceOf(Handshake.Proven.class);
    store.away = true;
    Handshake.Refused unavailable = new Handshake.Refused(Refusal.STORE_UNAVAILABLE);

    assertThat(tried(ALICE, FIRST)).as("remembered").isInstanceOf(Handshake.Proven.class);
    for (Identity identity : List.of(ALICE, BOB, NOBODY)) {
      assertThat(tried(identity, NOBODYS))
          .as("%s: no answer tells who is remembered", identity)
          .isEqualTo(unavailable);
    }
    assertThat(tried(BOB, BOBS)).isEqualTo(unavailable);
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(tried(ALICE, FIRST)).as("remembered for too long").isEqualTo(unavailable);
  }

  @Test
  void aSourceThatCannotBeAskedLetsNobodyIn() {
    KeySource away =
        new KeySource() {
          @Override
          public CompletionStage<List<byte[]>> keysOf(Identity identity) {
            return CompletableFuture.failedFuture(new IllegalStateException("no connection"));
          }

          @Override
          public boolean isKnown(Identity identity) {
            return true;
          }
        };
    door = door(HmacProof.of(away), Duration.ZERO);
    assertThat(tried(ALICE, FIRST)).isEqualTo(new Handshake.Refused(Refusal.STORE_UNAVAILABLE));
  }

  @Test
  void whoTriesTooOftenIsToldSoWithoutALookAtTheProof() {
    for (int i = 0; i <= 1000; i++) {
      tried(ALICE, BOBS);
    }
    int before = examined.get();
    Handshake.Refused refused = (Handshake.Refused) tried(ALICE, FIRST);
    assertThat(refused.refusal()).isEqualTo(Refusal.TOO_FAST);
    assertThat(refused.retryAfterMs()).isPositive();
    assertThat(examined.get()).isEqualTo(before);
  }

  @Test
  void aMethodThatIsNotOfferedIsTurnedAway() {
    for (String method : List.of("none", "", "password", "token", "HMAC")) {
      assertThat(door.admit(CALLER, ALICE, method))
          .as(method)
          .isEqualTo(new Admission.Turned(Refusal.METHOD_NOT_OFFERED));
    }
    assertThat(Identities.open(shut -> false).admit(CALLER, ALICE, "hmac"))
        .isEqualTo(new Admission.Turned(Refusal.METHOD_NOT_OFFERED));
  }

  @Test
  void aMethodWhoseProofIsASecretNeedsSecrecy() {
    Proving secret =
        new Proving() {
          @Override
          public boolean needsSecrecy() {
            return true;
          }

          @Override
          public CompletionStage<Finding> examine(
              Claim claim, Frame.Proof proof, Optional<Device> device) {
            return CompletableFuture.completedFuture(new Right("", Device.Status.PENDING));
          }
        };
    door = door(secret, Duration.ZERO);
    Caller withTls = new Caller("10.0.0.1", true, "test/1", 1);
    assertThat(door.admit(CALLER, ALICE, "hmac"))
        .isEqualTo(new Admission.Turned(Refusal.TLS_REQUIRED));
    assertThat(door.admit(withTls, ALICE, "hmac")).isInstanceOf(Admission.Prove.class);
  }

  @Test
  void aDeviceThatComesForTheFirstTimeIsNotedAsItsMethodSays() {
    door = door(letsIn(Device.Status.PENDING), Duration.ZERO);
    assertThat(tried(NOBODY, FIRST)).isEqualTo(new Handshake.Refused(Refusal.NOT_ALLOWED));
    door = door(letsIn(Device.Status.APPROVED), Duration.ZERO);
    assertThat(tried(NOBODY, FIRST)).isEqualTo(new Handshake.Proven("", Map.of()));
    assertThat(contacts)
        .extracting(Contact::ifNew)
        .containsExactly(Status.PENDING, Status.APPROVED);
  }

  private static Proving letsIn(Device.Status ifNew) {
    return new Proving() {
      @Override
      public boolean needsSecrecy() {
        return false;
      }

      @Override
      public CompletionStage<Finding> examine(
          Claim claim, Frame.Proof proof, Optional<Device> device) {
        return CompletableFuture.completedFuture(new Right("", ifNew));
      }
    };
  }

  @Test
  void withoutAMethodEveryNameIsKnownAndComesAsItSaysUnlessItIsShutOut() {
    Identities open = Identities.open(BOB::equals);
    assertThat(open.admit(CALLER, ALICE, "none")).isEqualTo(new Admission.Free());
    assertThat(open.admit(CALLER, BOB, "none")).isEqualTo(new Admission.Turned(Refusal.DISABLED));
    assertThat(open.isKnown(new Identity("anybody"))).isTrue();
  }

  private Handshake begin(Identity identity) {
    return ((Admission.Prove) door.admit(CALLER, identity, "hmac")).handshake();
  }

  private CompletionStage<Handshake.Verdict> begun(Identity identity, byte[] key) {
    Handshake handshake = begin(identity);
    return handshake.judge(proof(key, identity, handshake.nonce(), HandshakeProof.nonce()));
  }

  private Handshake.Verdict tried(Identity identity, byte[] key) {
    return begun(identity, key).toCompletableFuture().join();
  }

  private static Handshake.Verdict judge(Handshake handshake, Frame.Proof proof) {
    return handshake.judge(proof).toCompletableFuture().join();
  }

  private static Handshake.Refused refused() {
    return new Handshake.Refused(Refusal.NOT_AUTHENTICATED);
  }

  private static Frame.Proof proof(byte[] key, Identity identity, String hub, String peer) {
    String mac = HandshakeProof.mac(key, Side.PEER, identity.text(), hub, peer);
    return new Frame.Proof(peer, mac, "", "");
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
