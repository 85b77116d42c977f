package io.peerhub.hub;

import static io.peerhub.hub.Protobuf.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.Heap;
import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.Meter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers who never become peers: told why, closed, and nothing of the hub was touched. */
class BadHandshakeTest {
  /** Nothing beside the two terabytes that are claimed, and more than else changes by itself. */
  private static final long FLOOD_HEAP_MAX = 64L << 20;

  private static Siege siege;

  @BeforeAll
  static void begin() throws Exception {
    siege = Siege.begin(Map.of());
  }

  @AfterAll
  static void judge() throws Exception {
    siege.judge();
  }

  /** Says this first, and is told this error and closed, without a peer's actor being started. */
  private static void refused(Wire wire, byte[] first, Refusal refusal) throws Exception {
    long peers = siege.hub().node().ledger().openedCount(Resource.PEER);
    siege.counts(
        refusal,
        1,
        () -> {
          try (TestPeer stranger = TestPeer.connect(siege.address(), wire)) {
            stranger.raw(first);
            Frame.Error error = stranger.expect(Frame.Error.class);
            assertThat(error.code()).isEqualTo(refusal.code());
            stranger.awaitEnd();
          }
        });
    assertThat(siege.hub().node().ledger().openedCount(Resource.PEER)).isEqualTo(peers);
    siege.bystanders().assertUnharmed();
  }

  private static void refused(Wire wire, Frame first, Refusal refusal) throws Exception {
    refused(wire, wire.delimited(first), refusal);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aFirstFrameThatIsNoHello(Wire wire) throws Exception {
    for (Frame first :
        List.of(
            TestPeer.send("bystander-JSON", "x", "", 0, Confirmation.NONE),
            new Frame.Ping(1, Map.of()),
            new Frame.Ack(1),
            new Frame.Proof("00".repeat(32), "00".repeat(32), "", ""),
            new Frame.Bye(""))) {
      refused(wire, first, Refusal.WRONG_PHASE);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aFirstFrameThatIsNone(Wire wire) throws Exception {
    byte[] unknown = wire.isJson() ? utf8("{\"fly\":{}}") : field(99, "x");
    byte[] theHubs = wire.delimited(new Frame.Done("x"));
    byte[] nothing = wire.isJson() ? utf8("{}") : new byte[0];
    byte[] halved = wire.isJson() ? utf8("{\"hello\":{\"peer\":") : new byte[] {-126, 1, 9};
    refused(wire, wire.delimited(unknown), Refusal.UNKNOWN_FRAME);
    refused(wire, theHubs, Refusal.UNKNOWN_FRAME);
    refused(wire, wire.delimited(nothing), Refusal.UNKNOWN_FRAME);
    refused(wire, wire.delimited(halved), Refusal.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aVersionThatIsNotSpoken(Wire wire) throws Exception {
    for (int version : new int[] {2, 7, Integer.MAX_VALUE}) {
      refused(wire, hello(version, "alice", "none", ""), Refusal.VERSION);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aNameOutOfGrammar(Wire wire) throws Exception {
    for (String name : BadNames.ALL) {
      refused(wire, hello(1, name, "none", ""), Refusal.BAD_NAME);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aMethodThatIsNotOffered(Wire wire) throws Exception {
    for (String method : List.of("hmac", "password", "token", "NONE", "root", "x".repeat(500))) {
      refused(wire, hello(1, "alice", method, ""), Refusal.METHOD_NOT_OFFERED);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aHelloWithoutAName(Wire wire) throws Exception {
    refused(wire, hello(1, "", "none", ""), Refusal.MALFORMED);
    refused(wire, hello(0, "alice", "none", ""), Refusal.MALFORMED);
    refused(wire, hello(1, "alice", "none", "sometimes"), Refusal.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aHelloOfMoreThanEightKibibytes(Wire wire) throws Exception {
    Frame.Hello hello =
        new Frame.Hello(
            1,
            "alice",
            "none",
            "x".repeat(9000),
            Optional.empty(),
            "",
            0,
            0,
            List.of(),
            "",
            Map.of());
    refused(wire, hello, Refusal.FRAME_TOO_LARGE);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void lengthsThatNobodyCanMean(Wire wire) throws Exception {
    for (long length : new long[] {8193, Integer.MAX_VALUE, 1L << 32, -1, Long.MIN_VALUE}) {
      refused(wire, claim(wire, length), Refusal.FRAME_TOO_LARGE);
    }
  }

  @Test
  void aThousandClaimsOfTwoGigabytesAtOnceCostNothing() throws Exception {
    long before = Heap.used();
    long closed = siege.meters().sum(Refusal.FRAME_TOO_LARGE);
    List<TestPeer> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        Wire wire = Wire.values()[i % Wire.values().length];
        TestPeer stranger = TestPeer.connect(siege.address(), wire);
        strangers.add(stranger);
        stranger.raw(claim(wire, Integer.MAX_VALUE));
      }
      TestHub.eventually(() -> siege.meters().sum(Refusal.FRAME_TOO_LARGE) >= closed + 1000);
      for (TestPeer stranger : strangers) {
        stranger.awaitEnd();
      }
      siege.bystanders().goOn();
      assertThat(Heap.used() - before).as("growth of the heap").isLessThan(FLOOD_HEAP_MAX);
    } finally {
      for (TestPeer stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void everyFailedHandshakeIsCounted() throws Exception {
    long before = siege.meters().sum(Meter.HANDSHAKES_FAILED);
    refused(Wire.JSON, hello(2, "alice", "none", ""), Refusal.VERSION);
    refused(Wire.JSON, utf8("{}\n"), Refusal.UNKNOWN_FRAME);
    assertThat(siege.meters().sum(Meter.HANDSHAKES_FAILED)).isEqualTo(before + 2);
  }

  private static byte[] claim(Wire wire, long length) {
    return switch (wire) {
      // A line has no length: it is too long once it is.
      case JSON -> utf8("{" + "x".repeat(9000));
      case BINARY -> Wire.varint(length);
      case WEB_JSON -> TestWebSocket.header(0x81, length);
      case WEB_BINARY -> TestWebSocket.header(0x82, length);
    };
  }

  private static Frame.Hello hello(int version, String peer, String method, String ack) {
    return new Frame.Hello(
        version, peer, method, "test", Optional.empty(), ack, 0, 0, List.of(), "", Map.of());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
