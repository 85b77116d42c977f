package io.peerhub.testing.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of one connection: a thread that reads, and one that writes what was read when its
 * time has come.
 */
final class Lane {
  private static final int READ_MAX = 16 << 10;

  /** With the largest of reads that is 1 MiB. */
  private static final int CHUNKS_MAX = 64;

  private static final byte[] END = new byte[0];

  /** Bytes, and from when on they may arrive. */
  private record Chunk(byte[] bytes, long due) {}

  private final FaultProxy proxy;
  private final Carried connection;
  private final Direction direction;
  private final Socket from;
  private final Socket to;
  private final BlockingQueue<Chunk> waiting = new ArrayBlockingQueue<>(CHUNKS_MAX);
  private volatile boolean hasLost;
  private volatile boolean isEnded;

  Lane(FaultProxy proxy, Carried connection, Direction direction, Socket from, Socket to) {
    this.proxy = proxy;
    this.connection = connection;
    this.direction = direction;
    this.from = from;
    this.to = to;
  }

  void start() {
    Thread.ofVirtual().name("proxy-reads").start(() -> run(this::read));
    Thread.ofVirtual().name("proxy-writes").start(() -> run(this::write));
  }

  boolean hasLost() {
    return hasLost;
  }

  boolean isEnded() {
    return isEnded;
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException | InterruptedException broken) {
      connection.cut();
    }
  }

  private void read() throws IOException, InterruptedException {
    byte[] buffer = new byte[READ_MAX];
    for (int n = from.getInputStream().read(buffer);
        n >= 0;
        n = from.getInputStream().read(buffer)) {
      offer(Arrays.copyOf(buffer, n));
    }
    offer(END);
  }

  private void offer(byte[] bytes) throws InterruptedException {
    long due = System.nanoTime() + proxy.weather(direction).delay().toNanos();
    Chunk chunk = new Chunk(bytes, due);
    proxy.taken(direction, bytes.length);
    while (!waiting.offer(chunk, 100, TimeUnit.MILLISECONDS)) {
      if (connection.isEnded()) {
        throw new InterruptedException("the connection has ended");
      }
    }
  }

  private void write() throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    while (true) {
      Chunk chunk = next();
      Weather weather = proxy.awaitMovement(direction, connection);
      byte[] bytes = weather.glue().isZero() ? chunk.bytes() : glued(chunk, weather);
      if (weather.flow() == Weather.Flow.LOST) {
        lose(bytes.length);
      } else {
        write(out, bytes, weather.grain());
        proxy.passedOn(direction, bytes.length);
      }
      if (bytes.length == 0) {
        isEnded = true;
        to.shutdownOutput();
        connection.laneEnded();
        return;
      }
    }
  }

  private void lose(int bytes) {
    hasLost |= bytes > 0;
    proxy.vanished(direction, bytes);
    // The weather may have changed between the look at it and this note.
    connection.weatherChanged(direction);
  }

  /** The next bytes, when they are due. */
  private Chunk next() throws InterruptedException {
    Chunk chunk = null;
    while (chunk == null) {
      chunk = waiting.poll(100, TimeUnit.MILLISECONDS);
      if (chunk == null && connection.isEnded()) {
        throw new InterruptedException("the connection has ended");
      }
    }
    TimeUnit.NANOSECONDS.sleep(Math.max(0, chunk.due() - System.nanoTime()));
    return chunk;
  }

  /** What has come by the end of the time for collecting, as one piece. */
  private byte[] glued(Chunk first, Weather weather) throws InterruptedException {
    if (first.bytes().length == 0) {
      return END;
    }
    TimeUnit.NANOSECONDS.sleep(weather.glue().toNanos());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first.bytes());
    // The end is left for the next turn.
    while (waiting.peek() != null && waiting.peek().bytes().length > 0) {
      all.writeBytes(waiting.poll().bytes());
    }
    return all.toByteArray();
  }

  private static void write(OutputStream out, byte[] bytes, int grain) throws IOException {
    for (int at = 0; at < bytes.length; at += Math.min(grain, bytes.length - at)) {
      out.write(bytes, at, Math.min(grain, bytes.length - at));
    }
  }
}
