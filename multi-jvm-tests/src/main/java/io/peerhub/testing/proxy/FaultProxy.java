package io.peerhub.testing.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A TCP proxy in front of a server, with the faults of a network in a test's hand.
 *
 * <p>Every connection that is made to {@link #address} is carried on to the server. The {@link
 * Weather} of each direction holds for all connections, those that are there and those to come, and
 * changes between two bytes. What passes is neither looked at nor reordered. At most 1 MiB waits in
 * one direction of a connection; then its sender waits, as in TCP.
 *
 * <p>Listens on a free port of loopback until {@link #close}. All methods may be called from any
 * thread.
 */
public final class FaultProxy implements AutoCloseable {
  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Map<Direction, Weather> weather = new EnumMap<>(Direction.class);
  private final List<Carried> connections = new CopyOnWriteArrayList<>();
  private final Map<Direction, AtomicLong> held = new EnumMap<>(Direction.class);
  private final Map<Direction, AtomicLong> lost = new EnumMap<>(Direction.class);
  private boolean isClosedToNewcomers;
  private long accepted;
  private long cuts;

  private FaultProxy(InetSocketAddress server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
    for (Direction direction : Direction.values()) {
      weather.put(direction, Weather.FAIR);
      held.put(direction, new AtomicLong());
      lost.put(direction, new AtomicLong());
    }
  }

  /** Begins to stand in front of a server, which need not be there yet. */
  public static FaultProxy to(InetSocketAddress server) throws IOException {
    FaultProxy proxy =
        new FaultProxy(server, new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("proxy").start(proxy::accept);
    return proxy;
  }

  /** Where to connect instead of to the server. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
  }

  /** Changes the weather of one direction. */
  public void change(Direction direction, UnaryOperator<Weather> change) {
    synchronized (this) {
      weather.put(direction, change.apply(weather.get(direction)));
      notifyAll();
    }
    connections.forEach(connection -> connection.weatherChanged(direction));
  }

  /** Changes the weather of both directions. */
  public void change(UnaryOperator<Weather> change) {
    for (Direction direction : Direction.values()) {
      change(direction, change);
    }
  }

  /** Cuts all connections with a reset, those too that are just being made. New ones are taken. */
  public void cut() {
    synchronized (this) {
      cuts++;
    }
    connections.forEach(Carried::cut);
  }

  /** Takes no new connection: each is closed as soon as it is made. Those there are go on. */
  public synchronized void shut() {
    isClosedToNewcomers = true;
  }

  /** Fair weather, and new connections are taken. Connections that have lost bytes are cut. */
  public void heal() {
    synchronized (this) {
      isClosedToNewcomers = false;
    }
    change(_ -> Weather.FAIR);
  }

  /** How many connections it carries now. */
  public int connectionCount() {
    return connections.size();
  }

  /** How many connections it has carried since it is there. */
  public synchronized long acceptedCount() {
    return accepted;
  }

  /** How many bytes of a direction it has read and not yet passed on. */
  public long heldBytes(Direction direction) {
    return held.get(direction).get();
  }

  /** How many bytes of a direction have vanished. */
  public long lostBytes(Direction direction) {
    return lost.get(direction).get();
  }

  void taken(Direction direction, int bytes) {
    held.get(direction).addAndGet(bytes);
  }

  void passedOn(Direction direction, int bytes) {
    held.get(direction).addAndGet(-bytes);
  }

  void vanished(Direction direction, int bytes) {
    lost.get(direction).addAndGet(bytes);
    held.get(direction).addAndGet(-bytes);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  synchronized Weather weather(Direction direction) {
    return weather.get(direction);
  }

  /** Waits until bytes of a direction pass or vanish, or the connection ends. */
  synchronized Weather awaitMovement(Direction direction, Carried connection)
      throws InterruptedException {
    while (weather.get(direction).flow() == Weather.Flow.HELD && !connection.isEnded()) {
      wait();
    }
    return weather.get(direction);
  }

  void ended(Carried connection) {
    connections.remove(connection);
    synchronized (this) {
      notifyAll();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        long cutsBefore = cuts();
        if (isOpenToNewcomers()) {
          carry(client, cutsBefore);
        } else {
          client.close();
        }
      } catch (IOException closedOrRefused) {
        // The listener was closed, or this one connection ended before it was carried.
      }
    }
  }

  private synchronized boolean isOpenToNewcomers() {
    accepted += isClosedToNewcomers ? 0 : 1;
    return !isClosedToNewcomers;
  }

  private synchronized long cuts() {
    return cuts;
  }

  private void carry(Socket client, long cutsBefore) throws IOException {
    Socket toServer = new Socket();
    try {
      toServer.connect(server);
    } catch (IOException refused) {
      client.close();
      toServer.close();
      throw refused;
    }
    Carried connection = new Carried(this, client, toServer);
    connections.add(connection);
    connection.start();
    if (listener.isClosed() || cuts() != cutsBefore) {
      connection.cut();
    }
  }
}
