package io.peerhub.connection;

import static io.peerhub.Patience.await;
import static io.peerhub.connection.WebSocketPeer.BINARY;
import static io.peerhub.connection.WebSocketPeer.CLOSE;
import static io.peerhub.connection.WebSocketPeer.CONTINUATION;
import static io.peerhub.connection.WebSocketPeer.FIN;
import static io.peerhub.connection.WebSocketPeer.PING;
import static io.peerhub.connection.WebSocketPeer.PONG;
import static io.peerhub.connection.WebSocketPeer.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebSocketTest {
  private static final String PING_FRAME = "{\"ping\":{\"t\":1}}";
  private static final byte[] NOTHING = {};
  private static TestLoops loops;
  private TestPort port;

  @BeforeAll
  static void start() {
    loops = new TestLoops(1);
  }

  @AfterAll
  static void stop() {
    loops.close();
  }

  @BeforeEach
  void open() {
    port =
        loops.port(
            settings -> {
              settings.origins = List.of("https://ours.example");
              return settings;
            },
            TestPort.ECHO);
  }

  @AfterEach
  void everySocketIsAccountedFor() {
    port.close();
    await().untilAsserted(() -> assertThat(port.ledger.live(Resource.SOCKET)).isZero());
  }

  private WebSocketPeer admitted() throws Exception {
    WebSocketPeer peer = WebSocketPeer.open(port);
    peer.send(FIN | TEXT, TestPeer.HELLO);
    assertThat(port.frames()).hasSize(1);
    return peer;
  }

  @Test
  void theUpgradeAnswersWithTheProofOfTheStandardsExample() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      assertThat(new WebSocketPeer(peer).request("/ws?x=1"))
          .startsWith("HTTP/1.1 101")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @Test
  void textHoldsJsonAndIsAnsweredInText() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(FIN | TEXT, PING_FRAME);
      WebSocketPeer.Received answer = peer.receive();
      assertThat(answer.opcode()).isEqualTo(TEXT);
      assertThat(answer.text()).isEqualTo("{\"pong\":{\"t\":1}}");
      assertThat(port.outlet().remote().wire()).isEqualTo("websocket-json");
    }
  }

  @Test
  void binaryHoldsProtobufAndIsAnsweredInBinary() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.open(port)) {
      peer.send(FIN | BINARY, binary(new Frame.Ping(1, Map.of())));
      WebSocketPeer.Received answer = peer.receive();
      assertThat(answer.opcode()).isEqualTo(BINARY);
      assertThat(answer.payload()).isEqualTo(binary(new Frame.Pong(1, Map.of())));
      assertThat(port.outlet().remote().wire()).isEqualTo("websocket-binary");
    }
  }

  @Test
  void theSubprotocolSaysHowTheHubSpeaks() throws Exception {
    String offer = "Sec-WebSocket-Protocol: soap, peerhub.proto, peerhub.json\r\n";
    try (WebSocketPeer peer = WebSocketPeer.open(port, offer)) {
      peer.send(FIN | TEXT, PING_FRAME);
      assertThat(peer.receive().opcode()).isEqualTo(BINARY);
    }
  }

  @Test
  void fragmentsAreOneMessageAndPingsMayComeBetween() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(TEXT, "{\"pin").send(FIN | PING, "are you there");
      peer.send(CONTINUATION, "g\":{").send(CONTINUATION, "").send(FIN | CONTINUATION, "\"t\":1}}");
      WebSocketPeer.Received pong = peer.receive();
      assertThat(pong.opcode()).isEqualTo(PONG);
      assertThat(pong.text()).isEqualTo("are you there");
      assertThat(peer.receive().text()).contains("pong");
    }
  }

  @Test
  void bytesThatDribbleAndFramesThatAreGluedAreTheSame() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      byte[] hello = WebSocketPeer.frame(FIN | TEXT, TestPeer.HELLO.getBytes());
      byte[] ping = WebSocketPeer.frame(FIN | TEXT, PING_FRAME.getBytes());
      peer.dribble(WebSocketPeer.head("/ws").getBytes());
      assertThat(peer.line()).contains("101");
      peer.dribble(hello).send(ping, ping, ping);
      for (String line = peer.line(); !line.equals("\r"); ) {
        line = peer.line();
      }
      WebSocketPeer socket = new WebSocketPeer(peer);
      for (int i = 0; i < 3; i++) {
        assertThat(socket.receive().text()).contains("pong");
      }
    }
  }

  @Test
  void aLargeMessageArrivesWhole() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      String text = "x".repeat(900_000);
      peer.send(FIN | TEXT, "{\"send\":{\"to\":\"bob\",\"text\":\"" + text + "\"}}");
      assertThat(peer.receive().text()).contains(text);
    }
  }

  @Test
  void framesSentBeforeTheUpgradeIsAnsweredAreNotLost() throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      byte[] ping = WebSocketPeer.frame(FIN | TEXT, PING_FRAME.getBytes());
      peer.send(WebSocketPeer.head("/ws").getBytes(), ping);
      assertThat(port.frames()).containsExactly(new Frame.Ping(1, Map.of()));
    }
  }

  static Stream<Arguments> violations() {
    byte[] ping = "{\"ping\":{}}".getBytes();
    return Stream.of(
        Arguments.of("no mask", new byte[] {(byte) 0x81, 2, '{', '}'}, 1002),
        Arguments.of("a reserved bit", WebSocketPeer.frame(FIN | 0x40 | TEXT, ping), 1002),
        Arguments.of("opcode 3", WebSocketPeer.frame(FIN | 3, ping), 1002),
        Arguments.of("opcode 11", WebSocketPeer.frame(FIN | 11, ping), 1002),
        Arguments.of("a ping in parts", WebSocketPeer.frame(PING, ping), 1002),
        Arguments.of("a ping of 126", WebSocketPeer.frame(FIN | PING, new byte[126]), 1002),
        Arguments.of("continues nothing", WebSocketPeer.frame(FIN, ping), 1002),
        Arguments.of("16 bits for 5", header(0x81, 0xfe, 0, 5), 1002),
        Arguments.of("64 bits for 5", header(0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5), 1002),
        Arguments.of("2^63", header(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0), 1002),
        Arguments.of("2^64-1", header(0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255), 1002),
        Arguments.of("2^63-1", header(0x81, 0xff, 127, 255, 255, 255, 255, 255, 255, 255), 1009),
        Arguments.of("2^31-1", header(0x82, 0xff, 0, 0, 0, 0, 127, 255, 255, 255), 1009),
        Arguments.of("a close of 1 byte", WebSocketPeer.frame(FIN | CLOSE, new byte[1]), 1002),
        Arguments.of("close 1005", WebSocketPeer.frame(FIN | CLOSE, new byte[] {3, -19}), 1002),
        Arguments.of("bad UTF-8", WebSocketPeer.frame(FIN | TEXT, new byte[] {-61, 40}), 1007),
        Arguments.of(
            "bad UTF-8 in a close",
            WebSocketPeer.frame(FIN | CLOSE, new byte[] {3, -24, -61, 40}),
            1007));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("violations")
  void aBrokenFrameClosesWithItsCode(String what, byte[] bytes, int code) throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.open(port)) {
      peer.peer.send(bytes);
      assertThat(peer.closeCode()).as(what).isEqualTo(code);
      assertThat(peer.peer.rest()).isEmpty();
    }
    try (WebSocketPeer peer = admitted()) {
      peer.peer.send(bytes);
      assertThat(peer.closeCode()).as(what).isEqualTo(code);
    }
  }

  @Test
  void badUtf8WithinAFieldClosesToo() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      byte[] text = "{\"send\":{\"to\":\"bob\",\"unknown\":\"??\"}}".getBytes();
      text[text.length - 5] = (byte) 0xc3;
      peer.send(FIN | TEXT, text);
      assertThat(peer.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void aMessageWithoutEndIsRefusedAtItsLimit() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      byte[] part = "x".repeat(50_000).getBytes();
      peer.send(TEXT, part);
      for (int i = 0; i < 21; i++) {
        peer.send(CONTINUATION, part);
      }
      assertThat(peer.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void fragmentsWithoutContentAreNotSufferedForEver() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(TEXT, "{");
      for (int i = 0; i < 101; i++) {
        peer.send(CONTINUATION, NOTHING);
      }
      assertThat(peer.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void aNewMessageInTheMiddleOfAnotherIsBroken() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(TEXT, "{").send(FIN | TEXT, PING_FRAME);
      assertThat(peer.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCode() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(FIN | CLOSE, new byte[] {0x0f, (byte) 0xa0, 'b', 'y', 'e'});
      assertThat(peer.closeCode()).isEqualTo(4000);
    }
    assertThat(port.next()).isEqualTo(new Session.Closed("closed by the peer"));
  }

  @Test
  void theHubClosesWithACloseFrame() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      io.peerhub.session.Outlet outlet = port.outlet();
      TestPort.on(outlet, outlet::close);
      assertThat(peer.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void aMalformedFrameIsTheSessionsBusiness() throws Exception {
    try (WebSocketPeer peer = admitted()) {
      peer.send(FIN | TEXT, "{\"fly\":{}}");
      assertThat(((Session.Malformed) port.next()).cause().refusal().code()).isEqualTo(1003);
    }
  }

  @Test
  void anythingElseThatIsHttpIsRefused() throws Exception {
    assertThat(answer("/")).startsWith("HTTP/1.1 404");
    assertThat(answer("/ws/x")).startsWith("HTTP/1.1 404");
    assertThat(answer("/ws", "Host: other\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer("/ws", "Content-Length: 3\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer("/ws", "Transfer-Encoding: chunked\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer("/ws", "X: " + "x".repeat(7000) + "\r\n")).startsWith("HTTP/1.1 400");
    assertThat(plain("GET /ws HTTP/1.1\r\nHost: hub\r\n\r\n"))
        .startsWith("HTTP/1.1 426")
        .containsIgnoringCase("upgrade: websocket");
    assertThat(plain(WebSocketPeer.head("/ws").replace("Version: 13", "Version: 8")))
        .startsWith("HTTP/1.1 426");
    assertThat(plain(WebSocketPeer.head("/ws").replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void aPageOfAnotherOriginIsRefused() throws Exception {
    assertThat(answer("/ws", "Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(answer("/ws", "Origin: null\r\n")).startsWith("HTTP/1.1 403");
    assertThat(answer("/ws", "Origin: https://ours.example\r\n")).startsWith("HTTP/1.1 101");
  }

  private String answer(String path, String... headers) throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      return new WebSocketPeer(peer).request(path, headers);
    }
  }

  private String plain(String request) throws Exception {
    try (TestPeer peer = new TestPeer(port)) {
      return peer.send(request).rest();
    }
  }

  private static byte[] header(int... bytes) {
    byte[] header = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      header[i] = (byte) bytes[i];
    }
    return header;
  }

  private static byte[] binary(Frame frame) {
    ByteSink sink = new ByteSink();
    FrameCodec.binary().encode(frame, sink);
    return sink.toByteArray();
  }
}
