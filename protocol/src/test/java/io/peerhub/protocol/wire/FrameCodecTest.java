package io.peerhub.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
  private final FrameCodec json = FrameCodec.json();
  private final FrameCodec binary = FrameCodec.binary();

  @Test
  void passesAJsonBodyOnByteForByteButForItsLineBreaks() throws BadFrame {
    Frame.Send send =
        (Frame.Send)
            decode(
                "{\"send\" : {\"json\": [ 1.50,\r\n {\"a\":\"\\u00e9\\n\"} ] , \"to\":\"bob\"}}");

    assertThat(send.body()).isEqualTo(Body.json("[ 1.50, {\"a\":\"\\u00e9\\n\"} ]"));
    assertThat(send.to()).isEqualTo("bob");
  }

  @Test
  void takesScalarsAsJsonBodies() throws BadFrame {
    for (String value : new String[] {"1", "-0.5e3", "\"a b\"", "true", "null", "{}", "[]"}) {
      Frame.Send last = (Frame.Send) decode("{\"send\":{\"to\":\"bob\",\"json\":" + value + "}}");
      Frame.Send first =
          (Frame.Send) decode("{\"send\":{\"json\" :  " + value + " ,\"to\":\"bob\"}}");

      assertThat(last.body()).isEqualTo(Body.json(value));
      assertThat(first).isEqualTo(last);
    }
  }

  @Test
  void tellsWhichSendIsRefusedThoughItsNumberComesBehindTheFault() {
    BadFrame bad = refused("{\"send\":{\"to\":\"bob\",\"ttlMs\":-1,\"n\":7,\"id\":\"m-7\"}}");

    assertThat(bad.refusal()).isEqualTo(Refusal.MALFORMED);
    assertThat(bad.kind()).isEqualTo("send");
    assertThat(bad.n()).isEqualTo(7);
    assertThat(bad.id()).isEqualTo("m-7");
  }

  @Test
  void isAsGoodAsNewAfterMalformedInput() throws BadFrame {
    refused("{\"send\":{\"to\":\"bob\",\"text\":\"hi\",\"n\":7");

    assertThat(decode("{\"send\":{\"to\":\"ann\"}}"))
        .isEqualTo(
            new Frame.Send(
                "ann", Body.EMPTY, "", 0, DeliveryClass.LIVE, Confirmation.NONE, 0, "", Map.of()));
  }

  @Test
  void writesALargeBodyBehindItsLength() throws BadFrame {
    for (int size : new int[] {0, 1, 70, 79, 80, 127, 128, 16_000, 16_383, 16_384, 100_000}) {
      Frame.Message message =
          new Frame.Message(
              1,
              "ann",
              Body.data(new byte[size]),
              "",
              "",
              DeliveryClass.LIVE,
              "",
              0,
              0,
              false,
              0,
              Map.of("k", "v".repeat(200)));
      ByteSink out = new ByteSink();
      binary.encodeDelimited(message, out);
      binary.encodeDelimited(message, out);
      Framing framing = Framing.lengthPrefixed(1 << 20);
      int from = 0;
      for (int i = 0; i < 2; i++) {
        assertThat(framing.next(out.array(), from, out.length())).isTrue();
        from = framing.end();
        assertThat(binary.decodeFromHub(out.array(), framing.offset(), framing.length()))
            .isEqualTo(message);
      }
      assertThat(from).isEqualTo(out.length());
    }
  }

  private Frame decode(String line) throws BadFrame {
    byte[] bytes = ("xx" + line).getBytes(StandardCharsets.UTF_8);
    return json.decodeFromPeer(bytes, 2, bytes.length - 2);
  }

  private BadFrame refused(String line) {
    return catchThrowableOfType(BadFrame.class, () -> decode(line));
  }
}
