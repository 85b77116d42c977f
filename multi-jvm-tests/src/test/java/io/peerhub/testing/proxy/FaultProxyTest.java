package io.peerhub.testing.proxy;

import static io.peerhub.testing.process.Patience.PATIENCE;
import static io.peerhub.testing.process.Patience.await;
import static io.peerhub.testing.process.Patience.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
  private ServerSocket listener;
  private FaultProxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connects() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = FaultProxy.to(new InetSocketAddress("127.0.0.1", listener.getLocalPort()));
    client = dial();
    server = listener.accept();
    server.setSoTimeout((int) PATIENCE.toMillis());
  }

  @AfterEach
  void closes() throws IOException {
    proxy.close();
    client.close();
    server.close();
    listener.close();
  }

  @Test
  void carriesBothWaysUnchanged() throws IOException {
    byte[] much = new byte[3 << 20];
    new Random(1).nextBytes(much);
    Thread.startVirtualThread(() -> write(client, much));
    assertThat(server.getInputStream().readNBytes(much.length)).isEqualTo(much);
    write(server, new byte[] {1, 2, 3});
    assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
  }

  @Test
  void carriesTheEndOfEachDirectionApart() throws IOException {
    client.shutdownOutput();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    write(server, new byte[] {7});
    assertThat(client.getInputStream().read()).isEqualTo(7);
    server.close();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    await().until(() -> proxy.connectionCount() == 0);
  }

  @Test
  void delaysWithoutSlowing() throws Exception {
    // Each by itself they would take longer than any test waits.
    Duration delay = PATIENCE.dividedBy(40);
    proxy.change(Direction.TO_SERVER, fair -> fair.withDelay(delay));
    long begin = System.nanoTime();
    Thread.startVirtualThread(
        () -> {
          for (int i = 0; i < 60; i++) {
            write(client, new byte[] {(byte) i});
          }
        });
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    Thread.startVirtualThread(() -> all.complete(read(server, 60)));
    assertThat(get(all)).endsWith(57, 58, 59);
    // The one bound of a time that no slow machine breaks, and that is what a delay is.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(delay);
  }

  @Test
  void dribblesAndGlues() throws IOException {
    proxy.change(fair -> fair.withGrain(1));
    write(client, "dribbled".getBytes());
    assertThat(server.getInputStream().readNBytes(8)).isEqualTo("dribbled".getBytes());
    // What arrives a byte at a time is mostly read so; a reader must never get more than was sent.
    proxy.change(_ -> Weather.FAIR.withFlow(Weather.Flow.HELD));
    for (byte one : "glued".getBytes()) {
      write(client, new byte[] {one});
    }
    await().until(() -> proxy.heldBytes(Direction.TO_SERVER) == 5);
    proxy.change(_ -> Weather.FAIR.withGlue(Duration.ofMillis(50)));
    byte[] buffer = new byte[64];
    assertThat(server.getInputStream().read(buffer)).as("in one piece").isEqualTo(5);
  }

  @Test
  void holdsOneWayAndLetsGo() throws IOException {
    proxy.change(Direction.TO_SERVER, fair -> fair.withFlow(Weather.Flow.HELD));
    write(client, new byte[] {5});
    write(server, new byte[] {6});
    assertThat(client.getInputStream().read()).as("the other way").isEqualTo(6);
    await().until(() -> proxy.heldBytes(Direction.TO_SERVER) == 1);
    assertThat(server.getInputStream().available()).isZero();
    proxy.heal();
    assertThat(server.getInputStream().read()).isEqualTo(5);
  }

  @Test
  void losesOneWayAndCutsWhoHasLost() throws IOException {
    proxy.change(Direction.TO_SERVER, fair -> fair.withFlow(Weather.Flow.LOST));
    write(client, new byte[] {5});
    write(server, new byte[] {6});
    assertThat(client.getInputStream().read()).as("the other way").isEqualTo(6);
    await().until(() -> proxy.lostBytes(Direction.TO_SERVER) == 1);
    proxy.heal();
    assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
    try (Socket again = dial();
        Socket fresh = listener.accept()) {
      write(again, new byte[] {9});
      assertThat(fresh.getInputStream().read()).isEqualTo(9);
    }
  }

  @Test
  void whoHasLostNothingOutlivesALoss() throws IOException {
    proxy.change(Direction.TO_CLIENT, fair -> fair.withFlow(Weather.Flow.LOST));
    proxy.heal();
    write(server, new byte[] {4});
    assertThat(client.getInputStream().read()).isEqualTo(4);
  }

  @Test
  void cutsWithAResetAndTakesNewOnes() throws IOException {
    proxy.cut();
    assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
    assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
    try (Socket again = dial();
        Socket fresh = listener.accept()) {
      write(again, new byte[] {9});
      assertThat(fresh.getInputStream().read()).isEqualTo(9);
    }
    assertThat(proxy.acceptedCount()).isEqualTo(2);
  }

  @Test
  void takesNobodyWhileItIsShut() throws IOException {
    proxy.shut();
    try (Socket refused = dial()) {
      assertThat(refused.getInputStream().read()).isEqualTo(-1);
    }
    write(client, new byte[] {3});
    assertThat(server.getInputStream().read()).as("those there go on").isEqualTo(3);
    proxy.heal();
    try (Socket again = dial();
        Socket fresh = listener.accept()) {
      write(fresh, new byte[] {8});
      assertThat(again.getInputStream().read()).isEqualTo(8);
    }
  }

  @Test
  void refusesForAServerThatIsNotThere() throws IOException {
    listener.close();
    try (Socket refused = dial()) {
      assertThat(refused.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(proxy.connectionCount()).isEqualTo(1);
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static byte[] read(Socket socket, int count) {
    try {
      return socket.getInputStream().readNBytes(count);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
