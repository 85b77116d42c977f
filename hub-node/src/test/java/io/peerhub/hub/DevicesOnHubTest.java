package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Peers whose keys are those of devices, on two nodes that share a database. */
class DevicesOnHubTest {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "peerhub.identity.auth",
          "hmac",
          "peerhub.identity.back-off.free",
          1000,
          "peerhub.identity.back-off.address-burst",
          1000,
          "peerhub.identity.devices.contacts-every",
          "10ms",
          "peerhub.permissions.rules",
          List.of("deny role=mute send *"));

  private static TestHub first;
  private static TestHub second;
  private static DeviceDesk desk;

  @BeforeAll
  static void start() throws Exception {
    first = TestHub.start(SETTINGS);
    second = first.second(SETTINGS);
    desk = first.node().devices();
  }

  @AfterAll
  static void stop() {
    second.close();
    first.close();
  }

  /** The tests of a run share a database, and a second run of a class shares its rows. */
  private static Identity device(String name, Device.Status status, Map<String, String> labels)
      throws Exception {
    String unique = name + "-" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    Identity identity = new Identity(unique);
    assertThat(desk.add(identity, status, labels)).isTrue();
    assertThat(desk.give(identity, Keyring.key(name), false)).isTrue();
    return identity;
  }

  private static Identity device(String name) throws Exception {
    return device(name, Device.Status.APPROVED, Map.of());
  }

  @Test
  void aDeviceComesInOnAnyNodeAndIsSeen() throws Exception {
    Identity alice = device("alice");
    for (TestHub hub : List.of(first, second)) {
      Keyring.live(hub.address(), alice.text(), Keyring.key("alice")).close();
    }
    TestHub.eventually(() -> desk.find(alice).orElseThrow().seen().isPresent());
    Device.Seen seen = desk.find(alice).orElseThrow().seen().orElseThrow();
    assertThat(seen.address()).isEqualTo("127.0.0.1");
    assertThat(seen.client()).isEqualTo("test/7");
    assertThat(seen.version()).isEqualTo(1);
    assertThat(Keyring.refused(first.address(), alice.text(), Keyring.key("other")))
        .isEqualTo(Refusal.NOT_AUTHENTICATED.code());
  }

  @Test
  void whoIsDisabledIsCutOnEveryNodeAndComesInAgainWhenApproved() throws Exception {
    Identity here = device("here");
    Identity there = device("there");
    Identity other = device("other");
    try (TestPeer one = Keyring.live(first.address(), here.text(), Keyring.key("here"));
        TestPeer two = Keyring.live(second.address(), there.text(), Keyring.key("there"));
        TestPeer bystander = Keyring.live(second.address(), other.text(), Keyring.key("other"))) {
      desk.set(here, Device.Status.DISABLED);
      desk.set(there, Device.Status.DISABLED);
      for (TestPeer cut : List.of(one, two)) {
        assertThat(cut.expect(Frame.Error.class).code()).isEqualTo(Refusal.DISABLED.code());
        cut.awaitEnd();
      }
      assertThat(Keyring.refused(first.address(), here.text(), Keyring.key("here")))
          .isEqualTo(Refusal.DISABLED.code());
      assertThat(Keyring.refused(first.address(), here.text(), Keyring.key("wrong")))
          .isEqualTo(Refusal.NOT_AUTHENTICATED.code());
      desk.set(here, Device.Status.APPROVED);
      TestHub.eventually(() -> comesIn(first, here, "here"));
      bystander.tell(other.text(), "still here");
      bystander.expect(Frame.Message.class);
    }
  }

  private static boolean comesIn(TestHub hub, Identity identity, String key) throws Exception {
    try (TestPeer peer = TestPeer.connect(hub.address(), Wire.JSON)) {
      peer.say(Keyring.hello(identity.text(), "hmac"));
      String challenge = peer.expect(Frame.Challenge.class).nonce();
      peer.say(Keyring.proof(identity.text(), Keyring.key(key), challenge, HandshakeProof.nonce()));
      return peer.next() instanceof Frame.Welcome;
    }
  }

  @Test
  void whoIsAwayWhenItIsDisabledIsOfflineAtOnce() throws Exception {
    Identity gone = device("gone");
    Identity sender = device("sender");
    Keyring.live(first.address(), gone.text(), Keyring.key("gone")).cut();
    desk.set(gone, Device.Status.DISABLED);
    try (TestPeer peer = Keyring.live(first.address(), sender.text(), Keyring.key("sender"))) {
      TestHub.eventually(
          () -> {
            peer.say(TestPeer.send(gone.text(), "x", "", 0, Confirmation.ACCEPTED));
            return peer.next() instanceof Frame.Refuse;
          });
    }
  }

  @Test
  void whoWaitsForApprovalIsToldSoAndNoted() throws Exception {
    Identity pending = device("pending", Device.Status.PENDING, Map.of());
    assertThat(Keyring.refused(first.address(), pending.text(), Keyring.key("pending")))
        .isEqualTo(Refusal.NOT_ALLOWED.code());
    TestHub.eventually(() -> desk.find(pending).orElseThrow().seen().isPresent());
    desk.set(pending, Device.Status.APPROVED);
    TestHub.eventually(() -> comesIn(second, pending, "pending"));
  }

  @Test
  void twoKeysAreValidDuringARotationAndOneAloneAfterIt() throws Exception {
    Identity rotating = device("old");
    desk.give(rotating, Keyring.key("new"), false);
    Keyring.live(first.address(), rotating.text(), Keyring.key("old")).close();
    Keyring.live(second.address(), rotating.text(), Keyring.key("new")).close();
    desk.give(rotating, Keyring.key("newest"), true);
    TestHub.eventually(() -> !comesIn(first, rotating, "new"));
    Keyring.live(first.address(), rotating.text(), Keyring.key("newest")).close();
  }

  @Test
  void aProofIsWorthNothingOnAnotherConnectionOrNode() throws Exception {
    Identity alice = device("alice");
    String nonce = HandshakeProof.nonce();
    Frame.Proof overheard;
    try (TestPeer peer = TestPeer.connect(first.address(), Wire.JSON)) {
      peer.say(Keyring.hello(alice.text(), "hmac"));
      String challenge = peer.expect(Frame.Challenge.class).nonce();
      overheard = Keyring.proof(alice.text(), Keyring.key("alice"), challenge, nonce);
      peer.say(overheard);
      peer.expect(Frame.Welcome.class);
      for (TestHub hub : List.of(first, second)) {
        try (TestPeer thief = TestPeer.connect(hub.address(), Wire.JSON)) {
          thief.say(Keyring.hello(alice.text(), "hmac"));
          thief.expect(Frame.Challenge.class);
          thief.say(overheard);
          assertThat(thief.expect(Frame.Error.class).code())
              .isEqualTo(Refusal.NOT_AUTHENTICATED.code());
        }
      }
      peer.tell(alice.text(), "not disturbed");
      peer.expect(Frame.Message.class);
    }
  }

  @Test
  void aThousandReturnsMakeNoNewRow() throws Exception {
    Identity flapping = device("flapping");
    for (int i = 0; i < 1000; i++) {
      try (TestPeer peer =
          Keyring.live(first.address(), flapping.text(), Keyring.key("flapping"))) {
        peer.say(new Frame.Bye(""));
      }
    }
    assertThat(desk.page(Optional.of(flapping), 10, Optional.empty()))
        .extracting(Device::identity)
        .doesNotContain(flapping);
    assertThat(desk.find(flapping)).isPresent();
  }

  @Test
  void whoIsNoDeviceIsUnknownAsAReceiver() throws Exception {
    Identity sender = device("sender");
    String nobody = "nobody-" + sender.text();
    try (TestPeer peer = Keyring.live(first.address(), sender.text(), Keyring.key("sender"))) {
      // The first message may be too fast for the answer of the store.
      TestHub.eventually(
          () -> {
            peer.say(TestPeer.send(nobody, "x", "", 0, Confirmation.ACCEPTED));
            return peer.expect(Frame.Refuse.class).code() == Refusal.UNKNOWN_PEER.code();
          });
      Identity sleeping = device("sleeping");
      peer.say(TestPeer.send(sleeping.text(), "x", "", 0, Confirmation.ACCEPTED));
      assertThat(peer.expect(Frame.Refuse.class).code()).isEqualTo(Refusal.OFFLINE.code());
    }
  }

  @Test
  void labelsOfTheDeviceDecideWhatItMayDo() throws Exception {
    Identity mute = device("mute", Device.Status.APPROVED, Map.of("role", "mute"));
    Identity loud = device("loud", Device.Status.APPROVED, Map.of("role", "loud"));
    List<Integer> codes = new ArrayList<>();
    for (Identity sender : List.of(mute, loud)) {
      String key = sender.text().substring(0, 4);
      try (TestPeer peer = Keyring.live(first.address(), sender.text(), Keyring.key(key))) {
        peer.say(TestPeer.send(sender.text(), "x", "id", 0, Confirmation.NONE));
        codes.add(peer.next() instanceof Frame.Refuse refuse ? refuse.code() : 0);
      }
    }
    assertThat(codes).containsExactly(Refusal.NOT_ALLOWED.code(), 0);
  }
}
