package io.peerhub.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of the bytes of one read. */
class FrameReaderTest {
  private static final String PING = "{\"ping\":{\"t\":1}}\n";

  private final List<List<Frame.FromPeer>> batches = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Wire wire = StreamWire.jsonLines(FrameCodec.json(), 8192);

  private final FrameReader.Taker taker =
      new FrameReader.Taker() {
        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public void frames(List<Frame.FromPeer> batch) {
          batches.add(batch);
        }

        @Override
        public boolean malformed(BadFrame bad) {
          refusals.add(bad.refusal());
          return true;
        }
      };

  private int read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new FrameReader().read(wire, taker, bytes, 0, bytes.length);
  }

  @Test
  void gluedFramesAreOneBatchAndWhatIsCutOffIsLeft() {
    assertThat(read(PING + "\n" + PING + "{\"pi")).isEqualTo(2 * PING.length() + 1);
    Frame.Ping ping = new Frame.Ping(1, Map.of());
    assertThat(batches).containsExactly(List.of(ping, ping));
  }

  @Test
  void whatIsNoFrameStandsBetweenTwoBatches() {
    read(PING + "{\"fly\":{}}\n" + PING + PING);
    assertThat(batches).extracting(List::size).containsExactly(1, 2);
    assertThat(refusals).containsExactly(Refusal.UNKNOWN_FRAME);
  }

  @Test
  void nothingWholeIsNoBatch() {
    assertThat(read("{\"pi")).isZero();
    assertThat(batches).isEmpty();
  }
}
