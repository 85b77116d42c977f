package io.peerhub.connection;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.session.Session;
import io.peerhub.telemetry.Ledger.Entry;
import io.peerhub.telemetry.Ledger.Resource;
import io.peerhub.telemetry.Meters.End;
import io.peerhub.telemetry.Sweep;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** A socket whose session has ended and has not closed it. */
class OrphanSocketTest {
  @Test
  void isFoundAndClosedInOneSweep() throws Exception {
    try (TestLoops loops = new TestLoops(1);
        TestPort port = loops.port(TestPort.ECHO);
        Socket socket = new Socket(port.address().getAddress(), port.address().getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(TestPeer.HELLO.getBytes(StandardCharsets.UTF_8));
      assertThat(port.frames().getFirst()).isInstanceOf(Frame.Hello.class);
      Sweep sweep = new Sweep(port.ledger, port.meters);
      assertThat(sweep.suspects()).isEmpty();
      endQuietly(port);
      await().until(() -> !sweep.suspects().isEmpty());
      List<Entry> suspects = sweep.suspects();
      assertThat(suspects).singleElement().matches(entry -> entry.resource() == Resource.SOCKET);
      assertThat(sweep.reclaim(suspects)).isEqualTo(1);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      await().until(() -> port.ledger.live(Resource.SOCKET) == 0);
      assertThat(port.meters.sum(End.FAULT)).isEqualTo(1);
    }
  }

  /** The script's session stops at this word, and leaves its connection as it is. */
  private static void endQuietly(TestPort port) throws Exception {
    Connection connection = (Connection) port.outlet();
    ActorRef<Session.Command> session = TestPort.next(port.sessions);
    session.tell(new Session.Closed("quietly"));
    await().until(() -> !connection.needsIt());
  }
}
