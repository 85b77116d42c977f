package io.peerhub.testing.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.List;

/** One connection through a proxy: two sockets and a lane for each direction. */
final class Carried {
  private final FaultProxy proxy;
  private final Socket client;
  private final Socket server;
  private final Lane toServer;
  private final Lane toClient;
  private volatile boolean isEnded;

  Carried(FaultProxy proxy, Socket client, Socket server) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    toServer = new Lane(proxy, this, Direction.TO_SERVER, client, server);
    toClient = new Lane(proxy, this, Direction.TO_CLIENT, server, client);
  }

  void start() {
    toServer.start();
    toClient.start();
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Ends it with a reset at both sides: nothing that waits is delivered. */
  void cut() {
    end(true);
  }

  /** A lane has come to the end of its stream, and has written all of it. */
  void laneEnded() {
    if (toServer.isEnded() && toClient.isEnded()) {
      end(false);
    }
  }

  private void end(boolean isReset) {
    isEnded = true;
    for (Socket socket : List.of(client, server)) {
      try {
        if (isReset) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException closedAlready) {
        // Somebody else was faster.
      }
    }
    proxy.ended(this);
  }

  void weatherChanged(Direction direction) {
    Lane lane = direction == Direction.TO_SERVER ? toServer : toClient;
    if (lane.hasLost() && proxy.weather(direction).flow() != Weather.Flow.LOST) {
      cut();
    }
  }
}
